"""Who works where in the demo company: regions, teams, territories, people, and the four who come, go or move."""

import random
from dataclasses import dataclass, field
from datetime import date

from hangbiao.site.demo import places
from hangbiao.site.demo.days import Quarter

BEGAN = date(2024, 7, 1)
FORMER_LEFT = date(2026, 8, 31)
LEAVER_LAST = date(2026, 11, 13)
JOINED = date(2026, 11, 16)
MOVED = date(2026, 11, 17)
SICK = (date(2026, 11, 16), date(2026, 12, 4))
CHANGES_KNOWN = date(2026, 11, 13)


@dataclass(frozen=True, slots=True)
class Person:
    code: str
    name: str
    name_en: str
    role: str
    unit: str
    joined: date
    left: date | None = None


@dataclass(frozen=True, slots=True)
class Spell:
    """Who worked a territory (by its index), both days included."""

    territory: int
    person: str
    first: date
    last: date | None = None


@dataclass
class Company:
    region_of: list[int]  # per territory
    team_of: list[str]
    supervisor_of: list[str]
    people: list[Person] = field(default_factory=list)
    spells: list[Spell] = field(default_factory=list)
    teams: list[tuple[str, str, str, int]] = field(default_factory=list)  # code, name, name_en, region
    leaver: int = 0
    mover: int = 0
    sick: int = 0
    vacant: int = 0

    @property
    def size(self) -> int:
        return len(self.region_of)

    def territory(self, index: int) -> str:
        return f"T{index + 1:03d}"

    def in_region(self, name: str) -> list[int]:
        return [n for n in range(self.size) if places.REGIONS[self.region_of[n]].name == name]

    def rep(self, territory: int, on: date) -> str:
        for spell in self.spells:
            if (
                spell.territory == territory
                and spell.first <= on
                and (spell.last is None or on <= spell.last)
            ):
                return spell.person
        return ""

    def reps(self, quarter: Quarter) -> list[list[str]]:
        """Per day of the quarter and territory: who works it ('' when nobody does)."""
        days = quarter.days
        table = [[""] * self.size for _ in days]
        for spell in self.spells:
            for n, day in enumerate(days):
                if spell.first <= day and (spell.last is None or day <= spell.last):
                    table[n][spell.territory] = spell.person
        return table

    @property
    def special(self) -> set[int]:
        """Territories whose people come, go, move or are away: no cause is planted there."""
        return {self.leaver, self.mover, self.sick, self.vacant}


def shares(total: int, weights: list[int]) -> list[int]:
    """Whole numbers in proportion to the weights that add up to the total, at least one each."""
    exact = [total * w / sum(weights) for w in weights]
    whole = [max(1, int(x)) for x in exact]
    by_rest = sorted(range(len(weights)), key=lambda i: int(exact[i]) - exact[i])
    for n in range(total - sum(whole)):
        whole[by_rest[n % len(weights)]] += 1
    return whole


def found(*, reps: int, seed: int) -> Company:
    """The company with `reps` reps at work and one territory more, which is vacant."""
    sizes = shares(reps, [r.size for r in places.REGIONS])
    names = [r.name for r in places.REGIONS]
    sizes[names.index(places.VACANT_REGION)] += 1
    company = Company([], [], [])
    naming = _Names(seed)
    _leaders(company, naming)
    for region, size in enumerate(sizes):
        _staff(company, region, size, naming)
    _come_and_go(company, naming)
    _onlookers(company, naming)
    return company


class _Names:
    """Invented people: a name is used once."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.used: set[str] = set()
        self.surnames, self.given = _split(places.SURNAMES), _split(places.GIVEN)

    def next(self) -> tuple[str, str]:
        while True:
            family, first = self.chance.choice(self.surnames), self.chance.sample(self.given, 2)
            first = first[:1] if self.chance.random() < 0.2 else first
            name = family[0] + "".join(f[0] for f in first)
            if name not in self.used or len(self.used) > 50_000:
                self.used.add(name)
                return name, family[1] + " " + "".join(f[1] for f in first).capitalize()


def _split(words: str) -> list[tuple[str, str]]:
    """`王wang` → 王, Wang."""
    return [(w[0], w[1:].capitalize()) for w in words.split()]


def _leaders(company: Company, naming: _Names) -> None:
    leaders = [("X01", "总经理", "C"), ("X02", "销售总监", "C"), ("A01", "系统管理员", "C")]
    leaders += [(f"M{n:02d}", "大区经理", f"R{n:02d}") for n in range(1, len(places.REGIONS) + 1)]
    for code, role, unit in leaders:
        company.people.append(Person(code, *naming.next(), role, unit, date(2020, 3, 2)))
    for n in range(4):
        kept = naming.next()
        for region in range(n, len(places.REGIONS), 4):
            company.people.append(
                Person(f"H{n + 1:02d}", *kept, "HRBP", f"R{region + 1:02d}", date(2021, 5, 6))
            )


def _onlookers(company: Company, naming: _Names) -> None:
    """Who sees no results: the auditor and the integrator. Named last, so that everybody else's name stays what it was."""
    seats = [("U01", "审计员"), ("I01", "系统集成")]
    company.people[3:3] = [Person(code, *naming.next(), role, "C", date(2022, 4, 6)) for code, role in seats]


def _staff(company: Company, region: int, size: int, naming: _Names) -> None:
    teams = max(1, round(size / 7.5))
    place = places.REGIONS[region]
    for team, members in enumerate(shares(size, [1] * teams)):
        code = f"R{region + 1:02d}-{team + 1}"
        name, name_en = f"{place.name}{'一二三四五六七八九'[team % 9]}队", f"{place.name_en} team {team + 1}"
        company.teams.append((code, name, name_en, region))
        boss = f"S{len(company.teams):02d}"
        company.people.append(Person(boss, *naming.next(), "业务主管", code, date(2021, 7, 5)))
        for _ in range(members):
            territory = company.size
            company.region_of.append(region)
            company.team_of.append(code)
            company.supervisor_of.append(boss)
            throw = naming.chance.randint
            joined = date(throw(2016, 2023), throw(1, 12), throw(1, 28))
            person = Person(f"P{territory + 1:03d}", *naming.next(), "业务代表", code, joined)
            company.people.append(person)
            company.spells.append(Spell(territory, person.code, BEGAN))


def _come_and_go(company: Company, naming: _Names) -> None:
    """One territory has stood vacant since August. In November a rep leaves, a neighbour moves in, a joiner follows."""
    moving = company.in_region(places.TRANSFER_REGION)
    company.mover, company.leaver = moving[0], moving[-1]
    company.sick = company.in_region(places.LEAVE_REGION)[0]
    company.vacant = company.in_region(places.VACANT_REGION)[-1]
    mover, joiner = company.spells[company.mover].person, f"P{company.size + 1:03d}"
    unit = company.team_of[company.mover]
    company.people.append(Person(joiner, *naming.next(), "业务代表", unit, JOINED))
    spells = company.spells
    spells[company.vacant] = Spell(company.vacant, spells[company.vacant].person, BEGAN, FORMER_LEFT)
    spells[company.leaver] = Spell(company.leaver, spells[company.leaver].person, BEGAN, LEAVER_LAST)
    spells[company.mover] = Spell(company.mover, mover, BEGAN, date(2026, 11, 16))
    spells += [Spell(company.leaver, mover, MOVED), Spell(company.mover, joiner, MOVED)]
