"""Asking, and judging the answers. Used by the suite and by `./dev bench access` alike."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Self
from urllib.parse import quote, quote_plus, unquote_plus

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils.encoding import iri_to_uri
from django.utils.html import escape

from tests.access.company import Place, Viewer, World
from tests.access.matrix import NOBODY, Ask, Row
from tests.access.reading import text_of

# Forgery tokens and the keys of forms differ from answer to answer.
TOKEN = re.compile(r"\b[A-Za-z0-9]{32}(?:[A-Za-z0-9]{32})?\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
SIGN_IN = re.compile(rf"location: {re.escape('/sign-in/')}")
BUSY_TABLES = ("django_session", "accounts_sitting", "accounts_attempt", "api_use", "api_apikey", "api_answer", "pages_answered")


@dataclass(frozen=True)
class Answer:
    """What came back, as text, whatever it was sent as."""

    status: int
    text: str
    rows_written: int = 0

    @property
    def plain(self) -> tuple[int, str]:
        """The answer without what differs from one to the next in any case."""
        return self.status, TOKEN.sub("*", self.text)

    def about(self, place: Place, ask: Ask, *, codes: bool) -> tuple[int, str]:
        """The answer without the words by which the question named the place: the whole address, names, at will codes."""
        text, asked = TOKEN.sub("*", self.text), unquote_plus(repr(ask))
        keys = [str(key) for key in place.planted.values() if not str(key).isdecimal()]
        words = [w for w in (place.name, place.name_en, place.province, *keys) if w in asked]
        words += [ask.address, ask.address.split("?")[0]]
        for word in sorted(set(words) - {""}, key=len, reverse=True):
            for spelled in _spellings(word):
                text = text.replace(spelled, "∅")
        for code in (c for c in (place.code, place.team, place.region) if codes and c in asked):
            text = re.sub(rf"(?<!\w){re.escape(code)}(?!\w)", "∅", text)  # T01 stands in 2026-11-26T01:00 as well
        return self.status, text


def _spellings(word: str) -> list[str]:
    """As it stands in a page, in an address, and in an address within an address."""
    uri = iri_to_uri(word)
    return sorted({word, escape(word), uri, escape(uri), quote(word), quote_plus(word), quote(uri), quote_plus(uri),
                   quote(uri, safe=""), quote(quote(word)), quote_plus(quote_plus(word))}, key=len, reverse=True)  # fmt: skip


@dataclass
class Tally:
    """What came of many probes."""

    probes: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # route, viewer's kind, relation
    controls: int = 0
    findings: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Tally") -> Self:
        self.probes += other.probes
        self.controls += other.controls
        self.findings += other.findings
        return self


class Matrix:
    """Puts the questions of one world. `each` is how many places of every relation a viewer asks about."""

    def __init__(self, world: World, each: int = 3) -> None:
        self.world, self.each = world, each
        self.client = Client(raise_request_exception=False)
        self._known: dict[tuple[object, ...], Answer] = {}
        self._forbidden: dict[tuple[object, ...], re.Pattern[str] | None] = {}

    def plan(self, row: Row) -> Iterator[tuple[str, Viewer, str, Place]]:
        """Every probe of a row: way, viewer, relation, place."""
        for way in row.asks:
            for viewer in self.world.viewers:
                if row.object == "none":
                    yield way, viewer, "own", self.world.place(viewer.home)
                else:
                    asked = self.world.asked_about(viewer, self.each)
                    yield from ((way, viewer, relation, place) for relation, place in asked if row.about(place))

    def run(self, row: Row, only: str = "") -> Tally:
        """Put and judge every probe of a row (or of one of its ways)."""
        tally = Tally()
        controlled: dict[tuple[str, str], bool] = {}
        for way, viewer, relation, place in self.plan(row):
            if only and way != only:
                continue
            key = (way, "" if row.object == "none" else place.code)
            if key not in controlled:
                controlled[key] = self._control(row, way, place, tally)
            name = f"{row.covers} [{way}] by {viewer.key} about {relation} {place.code}"
            tally.findings += [f"{name}: {why}" for why in self.judge(row, way, viewer, place)]
            tally.probes[(str(row.covers), viewer.kind, relation)] += controlled[key]
        return tally

    def _control(self, row: Row, way: str, place: Place, tally: Tally) -> bool:
        """Whether somebody entitled asks the same and finds what was planted: without that a refusal proves nothing."""
        if row.entitled is NOBODY:
            return False
        for viewer in self.world.viewers:
            about = self.world.place(viewer.home) if row.object == "none" else place
            if row.lets_in(viewer, about) and (row.sees(viewer, about) or row.object == "none"):
                if not self.judge(row, way, viewer, about):
                    tally.controls += 1
                    return True
                break
        tally.findings.append(f"{row.covers} [{way}] about {place.code}: nobody entitled finds what was planted")
        return False

    def judge(self, row: Row, way: str, viewer: Viewer, place: Place) -> list[str]:
        """What is wrong with one answer; nothing for a good one."""
        answer = self.answer(row, way, viewer, place)
        found = [f"tells {word}" for word in self._leaked(row, way, viewer, place, answer)]
        if answer.status >= 500:
            return [*found, f"breaks with {answer.status}"]
        if row.lets_in(viewer, place):
            if answer.status not in row.ok:
                found.append(f"answers {answer.status} to somebody entitled")
            return found + [f"lacks {word}" for word in row.sees(viewer, place) if word not in answer.text]
        if answer.rows_written and not row.safe:
            found.append(f"writes {answer.rows_written} rows for somebody not entitled")
        if not viewer.stands_before(row.route) and not row.public:
            return found if _turned_away(answer) else [*found, f"answers a stranger with {answer.status}"]
        if row.closed and answer.status not in row.refused:
            found.append(f"answers {answer.status} instead of {' or '.join(map(str, row.refused))}")
        if row.object != "none":
            nobody = self.world.absent
            absent, nothing = self.answer(row, way, viewer, nobody), asked_by(row, way, nobody)
            ask = asked_by(row, way, place)
            where = [  # a code may stand in what the viewer sees anyway
                _difference(answer.about(place, ask, codes=codes), absent.about(nobody, nothing, codes=codes))
                for codes in (True, False)
            ]
            if all(where):
                found.append(f"answers otherwise than about somebody who does not exist: {where[1]}")
        return found

    def answer(self, row: Row, way: str, viewer: Viewer, place: Place) -> Answer:
        """Ask once; the same question of the same person is not asked again."""
        ask = asked_by(row, way, place)
        key = (row.method, repr(ask), viewer.key)
        if key not in self._known:
            self._known[key] = self.put(row, ask, viewer)
        return self._known[key]

    def put(self, row: Row, ask: Ask, viewer: Viewer) -> Answer:
        """The request itself; whatever it wrote is rolled back."""
        self.client.cookies = SimpleCookie(dict(ask.cookies))
        if viewer.username:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.world.sessions[viewer.key]
        address = iri_to_uri(ask.address)  # the test client would encode Chinese twice
        send = getattr(self.client, row.method.lower())
        given = {"headers": dict(ask.headers)}
        if viewer.program:
            given["headers"]["Authorization"] = f"Bearer {self.world.keys[viewer.key]}"
        given |= {"content_type": ask.content_type} if ask.content_type else {}
        given |= {} if ask.data is None else {"data": ask.data}
        with transaction.atomic():
            before = _written()
            answer = _read(send(address, **given))
            answer = Answer(answer.status, answer.text, _written() - before)
            transaction.set_rollback(True)
        return answer

    def _leaked(self, row: Row, way: str, viewer: Viewer, place: Place, answer: Answer) -> Sequence[str]:
        """Canaries of places that the viewer does not see. Words of the question itself are no news."""
        mine = place if row.lets_in(viewer, place) and row.object != "none" else None
        key = (viewer.key, row.names, row.shows, mine, sum(len(p.words) for p in self.world.places))
        if key not in self._forbidden:
            words = [
                word
                for other in self.world.places
                if other is not mine and not viewer.sees(other) and not (row.shows and row.shows(viewer, other))
                for word in ([] if row.names else other.names) + other.results
            ]
            longest_first = sorted(set(words), key=len, reverse=True)
            self._forbidden[key] = re.compile("|".join(map(_as_pattern, longest_first))) if words else None
        pattern = self._forbidden[key]
        if pattern is None:
            return []
        asked = unquote_plus(repr(asked_by(row, way, place)))
        return sorted({word for word in pattern.findall(unquote_plus(TOKEN.sub("*", answer.text))) if word not in asked})


def _as_pattern(word: str) -> str:
    """A number must not be the tail or the head of another one."""
    return rf"(?<![\d.,]){re.escape(word)}(?!\d)" if word[0].isdecimal() else re.escape(word)


def asked_by(row: Row, way: str, place: Place) -> Ask:
    """The question about a place."""
    asked = row.asks[way](place)
    return Ask(asked) if isinstance(asked, str) else asked


def _turned_away(answer: Answer) -> bool:
    return answer.status in {401, 404} or (answer.status in {302, 303} and bool(SIGN_IN.search(answer.text)))


def _read(response) -> Answer:
    return Answer(response.status_code, text_of(response))


def _written() -> int:
    """Rows written so far in this transaction, to any table but those that keep count of the asking itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables "
            "WHERE NOT relname = ANY(%s)",
            [list(BUSY_TABLES)],
        )
        return int(cursor.fetchone()[0])


@contextmanager
def alone(viewer: Viewer, world: World) -> Iterator[int]:
    """A company in which nothing is left but what the viewer may see; gives the number of rows taken away.

    Every scoped table is emptied of the rest by the database's owner, with triggers and foreign keys asleep, in a
    transaction that is rolled back.
    """
    from hangbiao.engines.scope.context import acting, system_scope
    from hangbiao.engines.scope.registry import columns_of, scoped_tables
    from hangbiao.rooms.board import remembered

    person = world.place(viewer.code).person if viewer.owns else NO_PERSON
    gone = 0
    remembered._kept.clear()  # an answer kept from the whole company would hide what hangs on it
    with transaction.atomic():
        with acting(system_scope("test")), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE none")
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table, model in scoped_tables().items():
                path, whose = columns_of(model)
                keeps = ["FALSE"]
                if path:
                    keeps += [f"starts_with({_column(model, path)}, %(p{n})s)" for n in range(len(viewer.paths))]
                if whose:
                    keeps.append(f"{_column(model, whose)} = %(person)s")
                given = {f"p{n}": below for n, below in enumerate(viewer.paths)} | {"person": person}
                cursor.execute(f'DELETE FROM "{table}" WHERE ({" OR ".join(keeps)}) IS NOT TRUE', given)
                gone += cursor.rowcount
            cursor.execute("SET LOCAL session_replication_role = origin")
            cursor.execute("SET LOCAL ROLE hangbiao_app")
        yield gone
        transaction.set_rollback(True)
    remembered._kept.clear()


NO_PERSON = -1


def _difference(before: tuple[int, str], after: tuple[int, str]) -> str:
    """Where two answers part; empty if they do not."""
    if before[0] != after[0]:
        return f"{before[0]} becomes {after[0]}"
    one, other = before[1], after[1]
    if one == other:
        return ""
    pairs = enumerate(zip(one, other, strict=False))
    at = next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))
    return f"{one[max(at - 60, 0) : at + 40]!r} becomes {other[max(at - 60, 0) : at + 40]!r}"


def _column(model, name: str) -> str:
    return f'"{model._meta.get_field(name).column}"'


def hanging_on_others(matrix: Matrix, rows: Sequence[Row], viewer: Viewer, most: int = 100) -> tuple[int, list[str]]:
    """Answers to the viewer that change when everything outside their sight is gone, and how many were compared.

    Of a row at most so many ways to ask are compared.
    """
    asked = []
    for row in rows:
        if row.beyond or not row.safe:
            continue
        for way in list(row.asks)[:most]:
            about = [matrix.world.place(viewer.home)] if row.object == "none" else filter(row.about, matrix.world.places)
            seen = [p for p in about if row.object == "none" or row.lets_in(viewer, p)][:2]
            asked += [(row, way, place, matrix.answer(row, way, viewer, place)) for place in seen]
    fresh = Matrix(matrix.world, matrix.each)
    found = []
    with alone(viewer, matrix.world):
        for row, way, place, before in asked:
            after = fresh.answer(row, way, viewer, place)
            where = _difference(before.plain, after.plain)
            if where:
                found.append(f"{row.covers} [{way}] by {viewer.key} about {place.code} hangs on what others have: {where}")
    return len(asked), found
