"""Writing the journal: `record` in the transaction of the deed, `write_checkpoint` for a place outside."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from hangbiao.engines.journal import selectors, sql
from hangbiao.engines.journal.digests import GENESIS, canonical, link
from hangbiao.engines.journal.errors import NotInTransaction
from hangbiao.engines.journal.models import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is to be written: `kind` is a dotted public name, `data` JSON without fractions (amounts travel as text)."""

    stream: str
    kind: str
    at: datetime
    actor: str
    data: dict[str, Any] = field(default_factory=dict)


def record(*, stream: str, kind: str, at: datetime, actor: str, data: dict[str, Any] | None = None) -> Entry:
    """Append one line to its stream. Refuses to work outside a transaction (NotInTransaction)."""
    return record_all([Line(stream=stream, kind=kind, at=at, actor=actor, data=data or {})])[0]


def record_all(lines: Sequence[Line]) -> list[Entry]:
    """Append several lines, of one stream or many, in the order given; the heads are locked in sorted order."""
    if not connection.in_atomic_block:
        raise NotInTransaction(kinds=sorted({line.kind for line in lines}))
    if not lines:
        return []
    heads = _lock({line.stream for line in lines})
    entries = [_append(heads, line) for line in lines]
    Entry.objects.bulk_create(entries, batch_size=1000)
    _move(heads)
    return entries


def _lock(streams: set[str]) -> dict[str, tuple[int, str]]:
    wanted = {"streams": sorted(streams), "genesis": GENESIS}
    with connection.cursor() as cursor:
        sql.open_heads(cursor, wanted)
        return {stream: (n, digest) for stream, n, digest in sql.lock_heads(cursor, wanted)}


def _append(heads: dict[str, tuple[int, str]], line: Line) -> Entry:
    if line.at.tzinfo is None:
        raise ValueError(f"journal: {line.kind} needs an instant with a time zone")
    n, prev = heads[line.stream]
    data = json.loads(canonical(line.data))  # tuples become lists now, not on the way back
    digest = link(
        prev=prev, stream=line.stream, n=n + 1, at=line.at, actor=line.actor, kind=line.kind, data=data
    )
    heads[line.stream] = (n + 1, digest)
    return Entry(
        stream=line.stream,
        n=n + 1,
        at=line.at,
        actor=line.actor,
        kind=line.kind,
        data=data,
        prev=prev,
        hash=digest,
    )


def _move(heads: dict[str, tuple[int, str]]) -> None:
    with connection.cursor() as cursor:
        sql.move_heads(
            cursor,
            {
                "streams": list(heads),
                "numbers": [n for n, _ in heads.values()],
                "hashes": [digest for _, digest in heads.values()],
            },
        )


@transaction.atomic
def write_checkpoint(path: Path, *, at: datetime, actor: str = "system:checkpoint") -> str:
    """Write the Merkle root of all lines and every stream's head to a file that belongs on another machine.

    Gives the root and leaves a line about it in the stream "journal". The file is not signed yet: whoever can change
    it can hide a cut, so keep it where the database's administrator cannot write, or write the root down.
    """
    state = selectors.state()
    record(
        stream="journal",
        kind="journal.checkpoint",
        at=at,
        actor=actor,
        data={"root": state.root, "entries": state.entries, "streams": len(state.heads)},
    )
    text = json.dumps(
        {
            "form": "hangbiao journal checkpoint 1",
            "at": at.astimezone(UTC).isoformat(),
            "entries": state.entries,
            "root": state.root,
            "heads": {stream: [n, digest] for stream, (n, digest) in sorted(state.heads.items())},
        },
        ensure_ascii=False,
        indent=1,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(path.name + ".part")
    scratch.write_text(text + "\n", encoding="utf-8")
    scratch.replace(path)
    return state.root
