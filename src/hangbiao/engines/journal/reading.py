"""The journal for a reader: lines by day, stream, actor, kind or words, the newest first."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from hangbiao.engines.journal import sql
from hangbiao.engines.journal.models import Entry, Head, Verification

# By which keys a line says what it is about: the first that it has all of.
THINGS = (
    ("target",), ("key", "path"), ("principal", "deputy"), ("account",), ("subscription",), ("batch",), ("mapping",), ("key",),
    ("person",), ("upload",), ("job",), ("suspect",),
)  # fmt: skip


def lines(
    *,
    first: datetime | None = None,
    until: datetime | None = None,
    stream: str = "",
    kind: str = "",
    who: str = "",
    actors: Iterable[str] = (),
    text: str = "",
) -> QuerySet[Entry]:
    """Lines from `first` (included) to `until` (not included); `text` is looked for in what they say and in their hash.

    `who` is an actor of the house or a part of its name (system:demo, key:1a2b); `actors` are the accounts it can mean.
    """
    exact: dict[str, Any] = {"at__gte": first, "at__lt": until, "stream": stream, "kind": kind}
    found = Entry.objects.filter(**{k: v for k, v in exact.items() if v})
    if who:
        house = Q(actor__icontains=who) & ~Q(actor__startswith="account:")
        found = found.filter(house | Q(actor=who) | Q(actor__in=list(actors)))
    if text:
        said = found.annotate(said=Cast("data", TextField()))
        found = said.filter(Q(said__icontains=text) | Q(hash__startswith=text.lower()) | Q(kind__icontains=text))
    return found.order_by("-at", "-id")


def line_called(number: int) -> Entry | None:
    return Entry.objects.filter(pk=number).first()


def streams() -> list[str]:
    return list(Head.objects.order_by("stream").values_list("stream", flat=True))


def kinds() -> list[str]:
    """Every kind that the journal holds."""
    return sql.distinct("kind")


def earlier(entry: Entry) -> Entry | None:
    """The last line before it, in its stream, about the same thing; None where there is none or nothing is named."""
    for keys in THINGS:
        if all(entry.data.get(key) not in (None, "") or key == "path" for key in keys) and keys[0] in entry.data:
            same = {key: entry.data[key] for key in keys if key in entry.data}
            before = Entry.objects.filter(stream=entry.stream, n__lt=entry.n, data__contains=same)
            return before.order_by("-n").first()
    return None


def verifications(most: int = 5) -> Sequence[Verification]:
    """The last looks that were taken, the newest first."""
    return list(Verification.objects.all()[:most])


def verification_called(number: int) -> Verification | None:
    return Verification.objects.filter(pk=number).first()
