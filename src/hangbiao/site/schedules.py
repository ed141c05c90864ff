"""What happens by itself, on one page: when, what, and what is said about it. The worker looks every minute."""

from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hangbiao.core.schedules import Daily, MorningAfter, Occurrence, Plan
from hangbiao.engines.pages import dates
from hangbiao.engines.pages.numbers import grouped
from hangbiao.engines.policy.selectors import value_of
from hangbiao.engines.schedules.catalogue import Schedule
from hangbiao.site import clock


def schedules() -> list[Schedule]:
    """In the order of a morning: files, preview, official lights."""
    return [
        Schedule(
            "actuals.sync", gettext_lazy("取文件"), gettext_lazy("每天从约定的文件夹取新到的文件并入账。"),
            _every_day("schedule.sync_at"), _sync, _synced, apart=True, off=_no_sync,
        ),
        Schedule(
            "lights.preview", gettext_lazy("预览灯"), gettext_lazy("每天按昨天为止的数据算一次预览，替换前一次。"),
            _every_day("schedule.preview_at"), _preview, _previewed, off=_demo,
        ),
        Schedule(
            "lights.checkpoint", gettext_lazy("正式灯"), gettext_lazy("检查点次日确定正式灯；错过的按先后逐个补上，不会补两次。"),
            _checkpoints, _fix, _fixed, each=True, off=_demo,
        ),
    ]  # fmt: skip


def _hour(key: str, at: datetime) -> time:
    return time.fromisoformat(value_of(key, at.astimezone(clock.ZONE).date(), known_at=at))


def _every_day(key: str) -> Any:
    def plan(at: datetime) -> Plan:
        return Daily(_hour(key, at), clock.ZONE)

    return plan


def _checkpoints(at: datetime) -> Plan:
    from hangbiao.rooms.lights.keeping import checkpoint_days

    return MorningAfter(checkpoint_days(), _hour("schedule.checkpoint_at", at), clock.ZONE)


def _demo() -> str:
    return _("演示公司的日子由页面上方的时钟推进，不按时间自动运行。") if settings.DEMO else ""


def _no_sync() -> str:
    if settings.DEMO:
        return _demo()
    said = _("没有设置文件夹。设置 HANGBIAO_SYNC_FOLDER 和 HANGBIAO_SYNC_MAPPINGS 后，重新启动网页和后台。")
    return "" if settings.SYNC_FOLDER and settings.SYNC_MAPPINGS else said


def _sync(*, occurrence: Occurrence | None, at: datetime, actor: str) -> Mapping[str, Any] | None:  # noqa: ARG001
    """Files that came before are passed over, so that a second time changes nothing."""
    from hangbiao.rooms.actuals.services import import_folder

    report = import_folder(Path(settings.SYNC_MAPPINGS), Path(settings.SYNC_FOLDER), at=at, actor=actor)
    fresh = [file for file in report.files if file.status != "already" and (file.rows_read or file.refusals)]
    booked = [file for file in fresh if file.status == "booked"]
    facts = {"files": len(booked), "refused": sum(file.quarantined for file in booked), "not_read": len(fresh) - len(booked)}
    return facts if fresh else None


def _synced(facts: Mapping[str, Any]) -> str:
    said = _("入账 %(n)s 个文件") % {"n": facts["files"]}
    if facts["refused"]:
        said += _("，隔离 %(n)s 行") % {"n": facts["refused"]}
    return said + (_("，%(n)s 个文件没有读进来") % {"n": facts["not_read"]} if facts["not_read"] else "")


def _preview(*, occurrence: Occurrence | None, at: datetime, actor: str) -> Mapping[str, Any] | None:  # noqa: ARG001
    """Always of the present: the preview of a morning that was missed would be replaced at once."""
    from hangbiao.rooms.lights.keeping import light_preview

    return light_preview(on=at.astimezone(clock.ZONE).date(), at=at, actor=actor)


def _previewed(facts: Mapping[str, Any]) -> str:
    said = {"day": dates.day(date.fromisoformat(facts["day"])), "n": grouped(facts["rows"])}
    return _("截至 %(day)s，%(n)s 盏灯") % said


def _fix(*, occurrence: Occurrence | None, at: datetime, actor: str) -> Mapping[str, Any] | None:
    from hangbiao.rooms.lights.keeping import fix_checkpoint

    return fix_checkpoint(day=occurrence.day, at=at, actor=actor) if occurrence else None


def _fixed(facts: Mapping[str, Any]) -> str:
    said = {"day": dates.day(date.fromisoformat(facts["day"])), "n": grouped(facts["rows"]), "flips": facts["flips"]}
    return _("%(day)s 的正式灯：%(n)s 盏，%(flips)s 盏变了") % said
