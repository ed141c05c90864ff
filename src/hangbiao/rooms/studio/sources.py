"""What waits for an administrator: channels that stopped, messages that nobody heard, reactions that are stuck."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from hangbiao.engines.notify import selectors as messages
from hangbiao.engines.notify.channels import stopped
from hangbiao.engines.notify.words import channel_name
from hangbiao.engines.outbox.selectors import stuck
from hangbiao.engines.pages.dates import moment
from hangbiao.engines.pages.waiting import Waiting
from hangbiao.engines.schedules.selectors import late_ones, silent_since
from hangbiao.engines.schedules.services import wall
from hangbiao.engines.webhooks.selectors import dead_letters
from hangbiao.rooms.people.roles import Role
from hangbiao.rooms.people.viewer import Viewer


def unheard_messages(viewer: Viewer) -> Sequence[Waiting]:
    """One line per subscription with dead letters, until they are sent again or the subscription ends."""
    if viewer.role != Role.ADMINISTRATOR:
        return ()
    return [
        Waiting(
            f"webhook:{s.pk}", _("%(name)s 有 %(n)s 条消息没有送达") % {"name": s.name, "n": n}, f"/admin/webhooks/{s.pk}/",
            last, _("看看原因，处理后重发。"), viewer.on, icon="alert-circle",
        )
        for s, n, last in dead_letters()
    ]  # fmt: skip


def stuck_reactions(viewer: Viewer) -> Sequence[Waiting]:
    """What should have followed a change and failed eight times."""
    rows = stuck() if viewer.role == Role.ADMINISTRATOR else []
    if not rows:
        return ()
    said = _("最近的原因：%(why)s") % {"why": rows[-1].trouble}
    title = _("%(n)s 个后续动作没有完成") % {"n": len(rows)}
    return [Waiting("outbox:stuck", title, "/admin/webhooks/", rows[-1].at, said, viewer.on, icon="alert-circle")]


def stopped_channels(viewer: Viewer) -> Sequence[Waiting]:
    """A channel sends nothing until its configuration is mended."""
    if viewer.role != Role.ADMINISTRATOR:
        return ()
    return [
        Waiting(
            f"channel:{state.name}", _("%(channel)s停止发送") % {"channel": channel_name(state.name)}, "/studio/messages/",
            viewer.at, messages.why(state.name, state.trouble, state.code)[1], viewer.on, icon="alert-circle",
        )
        for state in stopped()
    ]  # fmt: skip


def lost_messages(viewer: Viewer) -> Sequence[Waiting]:
    """Messages to people that are not tried any more."""
    number, since = messages.dead_letters() if viewer.role == Role.ADMINISTRATOR else (0, None)
    if not number or since is None:
        return ()
    title = _("%(n)s 条消息没有发出去") % {"n": number}
    return [
        Waiting("messages:dead", title, "/studio/messages/", since, _("看看原因，处理后重发。"), viewer.on, icon="alert-circle")
    ]


def silent_background(viewer: Viewer) -> Sequence[Waiting]:
    """The worker was running and is not heard of any more."""
    since = silent_since(wall()) if viewer.role == Role.ADMINISTRATOR else None
    if since is None:
        return ()
    title = _("后台程序从 %(at)s 起没有响应") % {"at": moment(since.astimezone(viewer.zone))}
    said = _("请在服务器上运行 hangbiao worker；错过的会自动补上。")
    return [Waiting("schedule:silent", title, "/studio/schedule/", since, said, viewer.on, icon="alert-circle")]


def late_schedules(viewer: Viewer) -> Sequence[Waiting]:
    """What should have happened by itself and did not."""
    late = late_ones(viewer.at) if viewer.role == Role.ADMINISTRATOR else []
    return [
        Waiting(
            f"schedule:{one.schedule.name}", _("%(what)s 没有按时运行") % {"what": one.schedule.title},
            f"/studio/schedule/{one.schedule.name}/", one.owed[0].due, one.last.trouble if one.last else "", viewer.on,
            icon="alert-circle",
        )
        for one in late
    ]  # fmt: skip
