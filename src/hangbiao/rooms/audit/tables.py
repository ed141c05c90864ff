"""The list of lines, and one line with what it changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from hangbiao.engines.accounts.selectors import names_of_actors
from hangbiao.engines.journal import reading
from hangbiao.engines.journal.models import Entry
from hangbiao.engines.journal.selectors import holds_together
from hangbiao.engines.pages.dates import moment
from hangbiao.engines.pages.tables import PAGE_ROWS, Column, Row, Table, asked_of, shown_columns
from hangbiao.rooms.audit import words
from hangbiao.rooms.audit.filters import TABLE

MOST_SAID, LONGEST_SAID = 3, 60


def listed(request: Any, lines: QuerySet[Entry], *, narrowed: bool) -> Table:
    """One page of the lines that fit."""
    columns = _columns()
    asked = asked_of(request.GET, TABLE, columns)
    ordered = lines.order_by("at", "id") if asked.sort == "at" and not asked.descending else lines
    start = (asked.page - 1) * PAGE_ROWS
    page = list(ordered[start : start + PAGE_ROWS])
    return Table(
        TABLE, _("日志"), columns, _rows(request, page), lines.count(), asked, request.GET,
        shown_columns(request, TABLE, columns), _("没有符合条件的记录。") if narrowed else _("还没有任何记录。"),
    )  # fmt: skip


def _columns() -> list[Column]:
    there = sorted(((k, words.kind(k)) for k in reading.kinds()), key=lambda named: named[1])
    chains = [(s, words.stream(s)) for s in reading.streams()]
    return [
        Column("at", _("时间"), needed=True), Column("kind", _("做了什么"), sortable=False, choices=there),
        Column("said", _("内容"), sortable=False), Column("actor", _("操作者"), sortable=False),
        Column("why", _("原因"), sortable=False, hidden=True),
        Column("stream", _("所属链"), sortable=False, choices=chains),
        Column("n", _("序号"), numeric=True, sortable=False), Column("hash", _("哈希"), sortable=False, hidden=True),
    ]  # fmt: skip


def _rows(request: Any, page: Iterable[Entry]) -> list[Row]:
    names = names_of_actors({e.actor for e in page})
    return [
        Row(
            {
                "at": moment(e.at.astimezone(request.viewer.zone)), "kind": words.kind(e.kind), "said": said_in(e),
                "actor": words.actor(e.actor, names), "why": e.data.get("reason") or "–",
                "stream": words.stream(e.stream), "n": e.n, "hash": e.hash[:12],
            },
            href=reverse("audit:line", args=[e.pk]),
            drawer=True,
        )
        for e in page
    ]  # fmt: skip


def said_in(entry: Entry) -> str:
    """The first few things a line says, without its hashes."""
    items = words.in_order(entry.data)
    some = [(k, v) for k, v in items if k not in words.HASHES and k != "reason" and v not in (None, "", [], {})]
    text = " · ".join(f"{words.label(k)} {_short(words.value(v))}" for k, v in some[:MOST_SAID])
    return text or "–"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SAID else f"{text[:LONGEST_SAID]}…"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a line says; `before` is what the line before about the same thing said, None where it said the same."""

    label: str
    now: str
    before: str | None
    is_hash: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A line as the page shows it."""

    entry: Entry
    kind: str
    stream: str
    actor: str
    reason: str
    items: list[Item]
    earlier: Entry | None
    earlier_kind: str
    holds: bool

    @property
    def changed(self) -> bool:
        return any(item.before is not None for item in self.items)


def seen(entry: Entry) -> Seen:
    """Everything about one line."""
    before = reading.earlier(entry)
    return Seen(
        entry=entry,
        kind=words.kind(entry.kind),
        stream=words.stream(entry.stream),
        actor=words.actor(entry.actor, names_of_actors([entry.actor])),
        reason=str(entry.data.get("reason") or entry.data.get("source") or ""),
        items=[_item(key, said, before) for key, said in words.in_order(entry.data)],
        earlier=before,
        earlier_kind=words.kind(before.kind) if before else "",
        holds=holds_together(entry),
    )


def _item(key: str, said: Any, before: Entry | None) -> Item:
    was = before.data.get(key, said) if before else said
    return Item(words.label(key), words.value(said), None if was == said else words.value(was), key in words.HASHES)
