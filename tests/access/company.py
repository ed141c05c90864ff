"""The company that the matrix asks about: four regions under two HRBPs, everybody with a name and figures of their own.

What each viewer may see is written down here by hand, not asked of the product: `Viewer.sees` is the judge.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.world import SHANGHAI

REGIONS, REPS = 4, 6
FIRST_BASE, STEP = Decimal(10_123_000), Decimal(137_000)
LEFT = date(2026, 10, 31)
ENDED = ("P005", "P205")
MOVED = date(2026, 10, 20)
STEMS, BRANCHES = "甲乙丙丁戊己庚辛", "子丑寅卯辰巳午未"
NOBODY = 999_999_999
SETTINGS = {
    "CLOCK": "tests.world.board.now",
    "WALL_CLOCK": "tests.world.board.now",  # so that "last used" reads the same twice
    "ROOT_URLCONF": "tests.access.urls",
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}},  # an old count would hide a leak
}
RELATIONS = ("own", "team", "other team", "other region", "other HRBP's", "ended employee")


@dataclass(eq=False)
class Place:
    """One rep with everything that is theirs: what an address of a row names, and what must not leak."""

    code: str
    name: str
    name_en: str
    team: str
    region: str
    province: str
    path: str
    person: int
    account: int
    base: int
    absent: bool = False
    planted: dict[str, Any] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        return self.code in ENDED

    @property
    def yuan(self) -> str:
        """The sales target as a Chinese page prints it."""
        return f"{Decimal(self.base) / 1_000_000:,.1f} 万元"

    @property
    def names(self) -> list[str]:
        """By which a colleague can be known."""
        return [self.name, self.name_en, self.code]

    @property
    def results(self) -> list[str]:
        """What only the entitled may read."""
        return [self.yuan, str(self.base), f"{self.base / 100:.2f}", *self.words]

    def canary(self, what: str) -> str:
        """A text to plant in an object of this place; from then on no stranger may read it."""
        word = f"canary-{what}-{self.code}"
        if word not in self.words and not self.absent:
            self.words.append(word)
        return word


@dataclass(frozen=True, eq=False)
class Viewer:
    """Somebody who looks. `paths` and `code` say, by the rules of docs/guide/access.md, what they may see."""

    key: str
    kind: str
    username: str = ""
    code: str = ""
    paths: tuple[str, ...] = ()
    home: str = "P000"
    owns: bool = False
    program: bool = False  # has no session but a key, which opens /api/ and nothing else

    def covers(self, place: Place) -> bool:
        """Whether the place lies below the viewer's units."""
        return any(place.path.startswith(path) for path in self.paths)

    def stands_before(self, route: str) -> bool:
        """Whether this is somebody known at the address, or a stranger."""
        return (bool(self.username) and self.kind != "ended") or (self.program and route.startswith("api/"))

    def works_in(self, place: Place) -> bool:
        """Whether the viewer's own things lie in the same team."""
        return self.owns and self.code[:2] == place.code[:2] and int(self.code[2:]) % 2 == int(place.code[2:]) % 2

    def sees(self, place: Place) -> bool:
        return not place.absent and (self.covers(place) or (self.owns and self.code == place.code))


def _leader(r: int, kind: str, code: str, *units: str) -> Viewer:
    return Viewer(f"{kind.replace('_', ' ')} {r}", kind, code.lower(), code, units, f"P{r}00")


def _region(r: int) -> list[Viewer]:
    """Those of one region; the first and the third lie under different HRBPs."""
    return [
        Viewer(f"rep {r}", "rep", f"p{r}00", f"P{r}00", home=f"P{r}00", owns=True),
        _leader(r, "supervisor", f"S{r}0", f"/C/R{r}/T{r}0/"),
        _leader(r, "region_manager", f"M{r}", f"/C/R{r}/"),
        _leader(r, "hrbp", f"H{r}", f"/C/R{r}/", f"/C/R{r + 1}/"),
    ]


VIEWERS: list[Viewer] = [
    *_region(0),
    *_region(2),
    Viewer("executive", "executive", "x1", "X1", ("/C/",)),
    Viewer("administrator", "administrator", "adm", "ADM"),
    Viewer("auditor", "auditor", "aud", "AUD"),
    Viewer("integrator", "integrator", "int", "INT"),
    Viewer("integrator's key", "integrator", paths=("/C/R0/",), program=True),
    Viewer("ended rep", "ended", "p005", "P005", home="P005"),
    Viewer("ended region manager", "ended", "m9", "M9"),
    Viewer("anonymous", "anonymous"),
]
KINDS = ("rep", "supervisor", "region_manager", "hrbp", "executive", "administrator", "auditor", "integrator")


@dataclass
class World:
    """Who looks, at what, and with which session."""

    places: list[Place]
    absent: Place
    viewers: list[Viewer]
    sessions: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def place(self, code: str) -> Place:
        return next(p for p in self.places if p.code == code)

    def relation(self, viewer: Viewer, place: Place) -> str:
        """How a place stands to the viewer's home."""
        home = self.place(viewer.home)
        if place.ended and place is not home:
            return "ended employee"
        if place is home:
            return "own"
        if place.team == home.team:
            return "team"
        if place.region == home.region:
            return "other team"
        return "other region" if _half(place) == _half(home) else "other HRBP's"

    def asked_about(self, viewer: Viewer, each: int) -> list[tuple[str, Place]]:
        """Up to `each` places of every relation."""
        found: dict[str, list[Place]] = {relation: [] for relation in RELATIONS}
        for place in self.places:
            found[self.relation(viewer, place)].append(place)
        return [(relation, place) for relation, some in found.items() for place in some[:each]]


def _half(place: Place) -> int:
    return int(place.region[1:]) // 2


def found() -> World:
    """Found the company through the rooms' services, plant what the rows ask for, open a session for everybody."""
    from hangbiao.engines.scope.context import acting, system_scope
    from tests.access.matrix import all_rows
    from tests.world import board
    from tests.world.signed_in import without_second_step

    with acting(system_scope("test")):
        board._PLACES.clear()
        board._CURVES.clear()
        board.found_many(
            regions=REGIONS, reps=REPS, base_of=lambda n: FIRST_BASE + STEP * n, then=_organisation
        )
        without_second_step()
        world = World(_places(), _absent(), VIEWERS)
        world.sessions = {v.key: session_of(v) for v in VIEWERS if v.username}
        for plant in dict.fromkeys(row.plant for row in all_rows() if row.plant):
            plant(world)
        world.keys = {v.key: _key_for(v) for v in VIEWERS if v.program}
    return world


def _organisation(who: dict[str, Any]) -> None:
    """Canaries' names, HRBPs, the roles that see no results, and those who have left."""
    from hangbiao.rooms.people import services
    from hangbiao.rooms.people.models import Person
    from hangbiao.rooms.people.rows import AssignmentRow, PersonRow

    begin = date(2026, 1, 1)
    people = [
        PersonRow(f"H{r}", f"人事{r}", "hrbp", f"R{r + n}", valid_from=begin, username=f"h{r}")
        for r in (0, 2)
        for n in (0, 1)
    ]
    people += [
        PersonRow("AUD", "史审", "auditor", "C", valid_from=begin, username="aud"),
        PersonRow("INT", "接口", "integrator", "C", valid_from=begin, username="int"),
        PersonRow("M9", "前任", "region_manager", "R0", valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31),
                  left=date(2025, 12, 31), username="m9"),
    ]  # fmt: skip
    for code in ENDED:
        people.append(
            PersonRow(code, code, "rep", f"T{code[1]}{int(code[2:]) % 2}", valid_from=begin, valid_to=LEFT, left=LEFT)
        )
    assert services.upsert_people(people, **who) == []
    ended = [AssignmentRow(f"A{code[1:]}", code, begin, LEFT) for code in ENDED]
    assert services.upsert_assignments(ended, **who) == []
    for person in Person.objects.filter(code__startswith="P"):
        region, rep = int(person.code[1]), int(person.code[2:])
        person.name, person.name_en = f"雀{STEMS[region]}{BRANCHES[rep]}", f"Canary{region}{rep:02}"
        person.save()


def _places() -> list[Place]:
    from hangbiao.rooms.people.models import Person, Territory, Unit
    from hangbiao.rooms.targets.models import Version

    regions = {u.code: u.province for u in Unit.objects.filter(kind="region")}
    territories = {t.code: t.unit for t in Territory.objects.select_related("unit")}
    bases = dict(
        Version.objects.filter(target__book="person", target__metric__code="sales").values_list(
            "target__person_id", "base"
        )
    )
    found = []
    for person in Person.objects.filter(code__startswith="P").order_by("code"):
        unit = territories[f"A{person.code[1:]}"]
        region = unit.path.split("/")[2]
        found.append(
            Place(
                person.code, person.name, person.name_en, unit.code, region, regions[region], unit.path, person.pk,
                person.account_id, bases[person.pk],
            )
        )  # fmt: skip
    return found


def _absent() -> Place:
    return Place("P9XX", "雀空空", "Canary999", "T99", "R9", "无省", "/C/R9/T99/", NOBODY, NOBODY, -1, absent=True)


def while_employed() -> datetime:
    """A clock of the days when those who have left were still there."""
    return datetime(2025, 12, 1, 9, 0, tzinfo=SHANGHAI)


def session_of(viewer: Viewer) -> str:
    """The key of a session as signing in leaves it; whoever has left signed in before and still holds the cookie."""
    from django.test import Client, override_settings

    from hangbiao.engines.accounts.models import Account
    from tests.world.signed_in import sign_in

    clock = f"{__name__}.while_employed" if viewer.kind == "ended" else SETTINGS["CLOCK"]
    with override_settings(CLOCK=clock):
        return str(sign_in(Client(), Account.objects.get(username=viewer.username)).session.session_key)


def _key_for(viewer: Viewer) -> str:
    """The secret of a key that may do everything below the viewer's paths."""
    from hangbiao.engines.accounts.models import Account
    from hangbiao.engines.api.scopes import SCOPES
    from hangbiao.engines.api.services import make_key
    from tests.world.board import AT

    owner, maker = Account.objects.get(username="int"), Account.objects.get(username="adm")
    given = {"name": "matrix", "scopes": list(SCOPES), "paths": viewer.paths, "reason": "access matrix"}
    return make_key(owner=owner, actor=maker, at=AT, per_minute=1_000_000, **given)[1]
