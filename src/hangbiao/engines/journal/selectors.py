"""Reading the journal, and checking that nobody touched it. Findings are data: one look shows all of them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from hangbiao.core.merkle import tree_hash
from hangbiao.engines.journal import sql
from hangbiao.engines.journal.digests import GENESIS, link
from hangbiao.engines.journal.errors import NoCheckpoint, Unwritable
from hangbiao.engines.journal.models import Entry, Head

# Instants are taken before the lock on the head is had, so neighbours may stand a little out of order.
OUT_OF_ORDER = timedelta(minutes=10)
WALKED = ("stream", "n", "at", "actor", "kind", "data", "prev", "hash")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something verification stumbled over, in stream `stream` at line `n`.

    Codes: altered, gap, fork, bad_head, no_head, lost_stream, cut_tail, replaced, root_differs break the record;
    back_dated only asks for a look (a clock that was set back does it as well).
    """

    code: str
    stream: str
    n: int
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def breaks_the_record(self) -> bool:
        return self.code != "back_dated"


@dataclass(frozen=True, slots=True)
class State:
    """All lines as one Merkle root, and where every stream ends."""

    entries: int
    root: str
    heads: dict[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint file said."""

    at: str
    entries: int
    root: str
    heads: dict[str, tuple[int, str]]


def entries_of(stream: str) -> QuerySet[Entry]:
    """The lines of one stream in order."""
    return Entry.objects.filter(stream=stream).order_by("n")


def state(up_to: dict[str, tuple[int, str]] | None = None) -> State:
    """Root and heads of all lines, or of those that the heads `up_to` cover. One statement, hence one snapshot."""
    heads: dict[str, tuple[int, str]] = {}
    counted = 0

    def leaves() -> Iterator[bytes]:
        nonlocal counted
        rows = Entry.objects.order_by("stream", "n").values_list("stream", "n", "hash")
        for stream, n, digest in rows.iterator(chunk_size=20_000):
            if up_to is None or n <= up_to.get(stream, (0, ""))[0]:
                counted += 1
                heads[stream] = (n, digest)
                yield digest.encode()

    root = tree_hash(leaves()).hex()
    return State(entries=counted, root=root, heads=heads)


def read_checkpoint(path: Path) -> Checkpoint:
    """The checkpoint in a file written by `services.write_checkpoint`."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        heads = {stream: (int(n), str(digest)) for stream, (n, digest) in kept["heads"].items()}
        return Checkpoint(at=kept["at"], entries=int(kept["entries"]), root=kept["root"], heads=heads)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as why:
        raise NoCheckpoint(path=str(path), why=str(why)) from why


def verify(stream: str | None = None, *, checkpoint: Path | None = None) -> list[Finding]:
    """Walk every line (or one stream's) and report what does not hold; an empty list says that all of it does.

    A chain cannot miss lines cut off its end together with its head, nor a stream rewritten from its first line:
    give the `checkpoint` kept elsewhere to find those.
    """
    ends: dict[str, tuple[int, str]] = {}
    kept = read_checkpoint(checkpoint) if checkpoint else None
    with sql.one_snapshot():
        findings = list(_walk(stream, ends, kept.heads if kept else {}))
        findings += heads_against(stream, ends)
        if kept:
            findings += _against(kept, stream, ends)
    return findings


def _walk(
    only: str | None, ends: dict[str, tuple[int, str]], kept: dict[str, tuple[int, str]]
) -> Iterator[Finding]:
    rows = Entry.objects.order_by("stream", "n", "id").values_list(*WALKED)
    if only is not None:
        rows = rows.filter(stream=only)
    walk = Walk(ends, kept)
    for row in rows.iterator(chunk_size=5_000):
        yield from walk.step(row)


class Walk:
    """Line after line, stream after stream: what does not hold. `ends` is filled with where each stream ended."""

    def __init__(self, ends: dict[str, tuple[int, str]], kept: Mapping[str, tuple[int, str]] | None = None) -> None:
        self.ends, self.kept = ends, kept or {}
        self.last_at: datetime | None = None

    def step(self, row: tuple[Any, ...]) -> Iterator[Finding]:
        """Judge the next line: the columns of WALKED, in the order of stream and number."""
        stream, n, at, actor, kind, data, prev, digest = row
        if stream not in self.ends:
            self.ends[stream], self.last_at = (0, GENESIS), None
        last_n, last_hash = self.ends[stream]
        if n <= last_n:
            yield Finding("fork", stream, n, {"after": last_n})
        elif n != last_n + 1:
            yield Finding("gap", stream, n, {"after": last_n})
        elif prev != last_hash:
            yield Finding("fork", stream, n, {"prev": prev, "expected": last_hash})
        if digest != _recomputed(prev, stream, n, at, actor, kind, data):
            yield Finding("altered", stream, n, {"kind": kind})
        if self.last_at is not None and at < self.last_at - OUT_OF_ORDER:
            yield Finding("back_dated", stream, n, {"at": at.isoformat(), "before": self.last_at.isoformat()})
        if n == self.kept.get(stream, (0, ""))[0] and digest != self.kept[stream][1]:
            yield Finding("replaced", stream, n, {"checkpoint": self.kept[stream][1], "found": digest})
        self.ends[stream], self.last_at = (n, digest), at


def holds_together(entry: Entry) -> bool:
    """Whether one line is what its hash says and follows the line before it."""
    before = Entry.objects.filter(stream=entry.stream, n=entry.n - 1).values_list("hash", flat=True).first()
    own = _recomputed(entry.prev, entry.stream, entry.n, entry.at, entry.actor, entry.kind, entry.data)
    return own == entry.hash and entry.prev == (before or GENESIS) and (before is not None or entry.n == 1)


def _recomputed(prev: str, stream: str, n: int, at: datetime, actor: str, kind: str, data: Any) -> str | None:
    try:
        return link(prev=prev, stream=stream, n=n, at=at, actor=actor, kind=kind, data=data)
    except Unwritable:  # nobody could have written this through `record`
        return None


def heads_against(only: str | None, ends: Mapping[str, tuple[int, str]]) -> Iterator[Finding]:
    """Where heads and ends of streams do not say the same."""
    rows = Head.objects.order_by("stream").values_list("stream", "n", "hash")
    if only is not None:
        rows = rows.filter(stream=only)
    seen = set()
    for stream, n, digest in rows.iterator(chunk_size=20_000):
        seen.add(stream)
        end = ends.get(stream, (0, GENESIS))
        if n and stream not in ends:
            yield Finding("lost_stream", stream, n, {"head": n})
        elif (n, digest) != end:
            yield Finding("bad_head", stream, n, {"head": n, "lines": end[0]})
    for stream in sorted(set(ends) - seen):
        yield Finding("no_head", stream, ends[stream][0])


def _against(kept: Checkpoint, only: str | None, ends: dict[str, tuple[int, str]]) -> Iterator[Finding]:
    for stream, (n, _) in kept.heads.items():
        if only in (None, stream) and ends.get(stream, (0, ""))[0] < n:
            found = ends.get(stream, (0, ""))[0]
            yield Finding("cut_tail", stream, n, {"checkpoint": n, "found": found, "at": kept.at})
    if only is None:
        now = state(up_to=kept.heads)
        if (now.root, now.entries) != (kept.root, kept.entries):
            yield Finding("root_differs", "", now.entries, {"checkpoint": kept.root, "found": now.root})
