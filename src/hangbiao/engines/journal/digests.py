"""Canonical text and hashes of journal lines. Pure: verification elsewhere needs this file and nothing more."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from hangbiao.core.merkle import tree_hash
from hangbiao.engines.journal.errors import Unwritable

GENESIS = "0" * 64


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces. Only what PostgreSQL's jsonb gives back unchanged: no float, no Decimal."""
    _check(value, "data")
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _check(value: Any, where: str) -> None:
    if isinstance(value, dict):
        for key, below in value.items():
            if not isinstance(key, str):
                raise Unwritable(where=where, key=key, why="keys are text")
            _check(key, where)
            _check(below, f"{where}.{key}")
    elif isinstance(value, (list, tuple)):
        for index, below in enumerate(value):
            _check(below, f"{where}[{index}]")
    elif isinstance(value, str):
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise Unwritable(where=where, why="text the database cannot hold")
    elif value is not None and not isinstance(value, (bool, int)):
        raise Unwritable(where=where, kind=type(value).__name__, why="numbers with a fraction travel as text")


def link(*, prev: str, stream: str, n: int, at: datetime, actor: str, kind: str, data: Any) -> str:
    """The hash of one line. A JSON list frames the parts, so that no two different lines give the same bytes."""
    parts = [prev, stream, n, at.astimezone(UTC).isoformat(timespec="microseconds"), actor, kind, data]
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def root_of_rows(rows: Iterable[Any]) -> str:
    """One Merkle root for the rows of a set-based command, each row a JSON value, in the order given."""
    return tree_hash([canonical(row).encode() for row in rows]).hex()
