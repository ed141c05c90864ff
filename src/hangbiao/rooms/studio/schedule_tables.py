"""The lists of the schedule page."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hangbiao.engines.pages.dates import moment
from hangbiao.engines.pages.tables import Column, Row, Table, table_of
from hangbiao.engines.schedules.selectors import Chore, Standing
from hangbiao.rooms.studio import words

SECOND = 1000


def schedules(request: Any, standings: Sequence[Standing]) -> Table:
    """What happens by itself: how it went last, when it comes next, and a button to let it happen now."""
    columns = [
        Column("name", _("计划"), needed=True), Column("last", _("上次运行"), needed=True),
        Column("took", _("用时"), numeric=True), Column("result", _("结果"), sortable=False, needed=True),
        Column("next", _("下次运行"), needed=True),
        Column("act", _("操作"), sortable=False, needed=True, shown_only=True),
    ]  # fmt: skip
    rows = [_schedule(request, one) for one in standings]
    return _table(request, name="schedules", caption=_("自动运行的计划"), columns=columns, rows=rows, empty=_("没有计划。"))


def _schedule(request: Any, one: Standing) -> Row:
    name, last = one.schedule.name, one.last
    said = format_html('{}<small class="about">{}</small>', str(one.schedule.title), str(one.schedule.about))
    act = "" if one.off else render_to_string("studio/_run_now.html", {"one": one}, request)
    cells = {
        "name": said, "last": moment(_local(request, last.at)) if last else "–",
        "took": lasted(last.took_ms) if last else "–", "result": _saying(result_of(one)),
        "next": _("不自动运行") if one.off else _when(request, one), "act": act,
    }  # fmt: skip
    exact = {"name": str(one.schedule.title), "result": result_of(one)}
    return Row(cells, {"name": str(one.schedule.title)}, href=f"/studio/schedule/{name}/", exact=exact)


def _saying(said: str) -> SafeString:
    """A sentence in a cell, of a width that can be read."""
    return format_html('<span class="saying">{}</span>', said)


def result_of(one: Standing) -> str:
    """What the last turn came to, in words; or why there is none."""
    if one.last is None:
        return one.off or _("还没有运行过")
    return words.turn(one.last, one.schedule)


def _when(request: Any, one: Standing) -> str:
    if one.owed:
        missed = one.owed[0]
        said = _("已错过 %(day)s 等 %(n)s 次，正在补") if len(one.owed) > 1 else _("%(day)s 的还没有做，正在补")
        return said % {"day": missed.key, "n": len(one.owed)}
    return moment(_local(request, one.next.due)) if one.next else "–"


def history(request: Any, one: Standing, turns: Sequence[Any]) -> Table:
    """Every turn of a schedule."""
    columns = [
        Column("at", _("时间"), needed=True), Column("key", _("为哪一天")),
        Column("result", _("结果"), sortable=False, needed=True), Column("took", _("用时"), numeric=True),
        Column("by", _("由谁")),
    ]  # fmt: skip
    rows = [
        Row(
            {
                "at": moment(_local(request, turn.at)), "key": turn.key or "–",
                "result": _saying(words.turn(turn, one.schedule)),
                "took": lasted(turn.took_ms) if turn.result != "begun" else "–",
                "by": _("自动") if turn.actor.startswith("system:") else _("手动"),
            },
            {"took": turn.took_ms}, exact={"result": words.turn(turn, one.schedule)},
        )
        for turn in turns
    ]  # fmt: skip
    return _table(request, name="turns", caption=_("运行记录"), columns=columns, rows=rows, empty=_("还没有运行过。"))


def chores(request: Any, found: Sequence[Chore]) -> Table:
    """The machine's own small work."""
    columns = [
        Column("name", _("内部任务"), needed=True), Column("last", _("上次运行"), needed=True),
        Column("took", _("用时"), numeric=True), Column("result", _("结果"), needed=True), Column("next", _("下次运行")),
    ]  # fmt: skip
    rows = [
        Row(
            {
                "name": words.chore(one.task), "last": moment(_local(request, one.began)) if one.began else "–",
                "took": lasted(_ms(one.began, one.ended)), "result": words.job_state(one.status, late=one.late),
                "next": moment(_local(request, one.next)),
            }
        )
        for one in found
    ]  # fmt: skip
    return _table(request, name="chores", caption=_("内部任务"), columns=columns, rows=rows, empty=_("没有内部任务。"))


def _table(request: Any, **what: Any) -> Table:
    return table_of(request, searchable=False, **what)


def _ms(began: datetime | None, ended: datetime | None) -> int | None:
    return (ended - began) // timedelta(milliseconds=1) if began and ended and ended >= began else None


def lasted(ms: int | None) -> str:
    """12 ms, 3.4 s, 5 min."""
    if ms is None:
        return "–"
    if ms < SECOND:
        return f"{ms} ms"
    seconds = ms / SECOND
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds / 60:.0f} min"  # noqa: PLR2004 - a minute


def _local(request: Any, at: datetime) -> datetime:
    return at.astimezone(request.viewer.zone)
