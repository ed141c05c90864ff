"""Batches as people look back on them: what each changed, by whom, whether it still counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from hangbiao.engines.accounts.selectors import names_of_actors
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.actuals import refused_file, sql, wording
from hangbiao.rooms.actuals.errors import CannotUndo
from hangbiao.rooms.actuals.models import RECREDIT, Batch, Quarantine
from hangbiao.rooms.actuals.services import DEFINITIONS
from hangbiao.rooms.actuals.undoing import refusal_of, root_of
from hangbiao.rooms.actuals.uploads import original_of
from hangbiao.rooms.calendar import selectors as calendar
from hangbiao.rooms.targets import selectors as targets

FILE, CORRECTION, REVERSAL, UNDOING, DEFINITION = "file", "correction", "reversal", "undoing", "definition"
CREDIT = "credit"
WAITS = Q(refused__resolved_by=None) | Q(refused__resolved_by__counts=False)


@dataclass(frozen=True, slots=True)
class Told:
    """A batch with what a page says of it."""

    batch: Batch
    kind: str
    who: str
    effect: Sequence[tuple[Any, int]]
    open_rows: int = 0

    @property
    def new(self) -> int:
        return self.batch.booked - self.batch.superseded


@dataclass(frozen=True, slots=True)
class Whole(Told):
    """One batch in full."""

    chain: Sequence[Batch] = ()
    refusal: CannotUndo | None = None
    has_original: bool = False
    resolves: Sequence[Quarantine] = field(default_factory=list)


def kind_of(batch: Batch) -> str:
    if batch.undoes_id:
        return UNDOING
    if batch.stream == DEFINITIONS:
        return DEFINITION
    if batch.mapping.code == RECREDIT:
        return CREDIT
    if getattr(batch, "reverses", None):
        return REVERSAL
    return CORRECTION if getattr(batch, "resolving", 0) else FILE


def batches(*, first: int, count: int, stream: str = "", q: str = "") -> tuple[list[Told], int]:
    """Some batches, the newest first, and how many there are."""
    found = Batch.objects.order_by("-id")
    found = found.filter(stream=stream) if stream else found
    if q:
        found = found.filter(Q(file_name__icontains=q) | Q(pk=int(q) if q.isdecimal() and len(q) < 10 else 0))  # noqa: PLR2004
    rows = found.select_related("mapping", "reverses", "undoes").annotate(
        resolving=Count("resolves", distinct=True),
        open_rows=Count("refused", filter=WAITS, distinct=True),
    )
    page = list(rows[first : first + count])
    names = names_of_actors({b.actor for b in page})
    metrics = {m.code: m for m in targets.metrics()}
    told = [
        Told(
            b,
            kind_of(b),
            wording.who(b.actor, names),
            _effect(b.effect, metrics),
            b.open_rows if b.counts else 0,
        )
        for b in page
    ]
    return told, found.count()


def streams_used() -> list[str]:
    """The streams that batches came through."""
    return sorted(set(Batch.objects.values_list("stream", flat=True)))


def batch_called(number: int) -> Whole | None:
    """One batch with everything its page shows."""
    found = Batch.objects.select_related("mapping", "reverses", "undoes").filter(pk=number)
    batch = found.annotate(resolving=Count("resolves")).first()
    if batch is None:
        return None
    names = names_of_actors({batch.actor})
    metrics = {m.code: m for m in targets.metrics()}
    effect = (
        batch.effect if batch.effect is not None else _measured(batch, {m.pk: c for c, m in metrics.items()})
    )
    return Whole(
        batch, kind_of(batch), wording.who(batch.actor, names), _effect(effect, metrics),
        open_rows=refused_file.open_rows(batch.pk).count() if batch.counts else 0,
        chain=_chain(batch), refusal=refusal_of(batch), has_original=original_of(batch.sha256).is_file(),
        resolves=list(batch.resolves.select_related("batch").order_by("line")[:100]),
    )  # fmt: skip


def _chain(batch: Batch) -> list[Batch]:
    """The batch of lines, its undoing, the undoing of that, …"""
    chain = [root_of(batch)]
    while following := Batch.objects.filter(undoes=chain[-1]).first():
        chain.append(following)
    return chain if len(chain) > 1 else []


def _effect(effect: dict[str, int] | None, metrics: dict[str, Any]) -> list[tuple[Any, int]]:
    return [(metrics[code], moved) for code, moved in (effect or {}).items() if code in metrics]


def _measured(batch: Batch, codes: dict[int, str]) -> dict[str, int]:
    """The effect of a batch that did not write it down, from the daily facts and their history."""
    if not batch.first_day or not batch.last_day:
        return {}
    periods = [p.pk for p in calendar.periods_until(batch.last_day) if p.end >= batch.first_day]
    with acting(system_scope("what a batch changed, summed over the company")):
        return {codes[m]: moved for m, moved in sql.effect_of(batch.pk, periods).items() if m in codes}


def refused_rows(batch: int, *, first: int, count: int) -> tuple[list[Quarantine], int]:
    """Refused rows of a batch, those that still wait first."""
    rows = Quarantine.objects.filter(batch=batch).select_related("batch", "resolved_by")
    return list(rows.order_by("resolved_at", "line")[first : first + count]), rows.count()
