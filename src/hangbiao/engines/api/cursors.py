"""Paging by cursor: where the last page ended, and for which list. Rows that come in between shift nothing."""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from typing import Any, TypeVar

from ninja import Field, Schema
from pydantic import ConfigDict

from hangbiao.engines.api.errors import CursorNotGood
from hangbiao.engines.api.words import lazily as _

Row = TypeVar("Row")
MOST, USUAL = 500, 100
LARGEST = 2**63 - 1


class Asking(Schema):
    """Query parameters; a misspelt one is refused instead of being passed over."""

    model_config = ConfigDict(extra="forbid")


class Page(Asking):
    """Where a list is to be continued."""

    cursor: str = Field("", max_length=200, description=_("上一页回答里的 next；第一页留空"))
    limit: int = Field(USUAL, ge=1, le=MOST)


def position(page: Page, *asked: Any) -> int:
    """The number after which the asked page begins. `asked` is what the list was filtered by."""
    if not page.cursor:
        return 0
    try:
        said = json.loads(base64.urlsafe_b64decode(page.cursor.encode()))
        last, digest = said
    except (ValueError, TypeError, binascii.Error):
        raise CursorNotGood(cursor=page.cursor) from None
    if not isinstance(last, int) or not 0 <= last <= LARGEST or digest != _digest(asked):
        raise CursorNotGood(cursor=page.cursor)
    return last


def cut(rows: Sequence[Row], page: Page, number: Any, *asked: Any) -> tuple[Sequence[Row], str]:
    """The page's rows and its `next`, out of one row more than the page holds. `number` gives a row's own."""
    shown = rows[: page.limit]
    if len(rows) <= page.limit:
        return shown, ""
    said = json.dumps([number(shown[-1]), _digest(asked)]).encode()
    return shown, base64.urlsafe_b64encode(said).decode()


def _digest(asked: Sequence[Any]) -> str:
    return hashlib.sha256(repr(asked).encode()).hexdigest()[:12]
