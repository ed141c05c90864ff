"""The filtered lines as a file, with all that is needed to verify them elsewhere: exact instant, canonical data, hashes."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from hangbiao.engines.accounts.selectors import names_of_actors
from hangbiao.engines.journal.digests import canonical
from hangbiao.engines.journal.models import Entry
from hangbiao.engines.papers.sheets import Sheet, Value
from hangbiao.rooms.audit import words
from hangbiao.rooms.audit.tables import said_in

AT_ONCE = 1_000
MOST_IN_A_WORKBOOK = 1_000_000  # a sheet holds 1 048 576 rows


def sheet_of(lines: QuerySet[Entry], zone: ZoneInfo) -> Sheet:
    """Every line, the newest first."""
    head = [
        _("时间"), _("做了什么"), _("内容"), _("操作者"), _("原因"), _("所属链"), _("序号"), "at (UTC)", "kind", "actor", "data",
        "prev", "hash",
    ]  # fmt: skip
    return Sheet(_("日志"), head, _rows(lines, zone))


def _rows(lines: QuerySet[Entry], zone: ZoneInfo) -> Iterator[Sequence[Value]]:
    """Page after page by the last line's place: what is written meanwhile moves nothing."""
    language, last = get_language() or "zh-hans", None
    while True:
        rest = lines if last is None else lines.filter(at__lte=last.at).exclude(at=last.at, id__gte=last.pk)
        some = list(rest[:AT_ONCE])
        if not some:
            return
        with override(language):
            names = names_of_actors({e.actor for e in some})
            rows = [_row(e, names, zone) for e in some]
        yield from rows
        last = some[-1]


def _row(entry: Entry, names: dict[str, str], zone: ZoneInfo) -> list[Value]:
    return [
        entry.at.astimezone(zone), words.kind(entry.kind), said_in(entry), words.actor(entry.actor, names),
        str(entry.data.get("reason") or ""), entry.stream, entry.n,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"), entry.kind, entry.actor, canonical(entry.data),
        entry.prev, entry.hash,
    ]  # fmt: skip
