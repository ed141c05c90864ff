"""What waits for an administrator: messages that nobody heard, and reactions that are stuck."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from hangbiao.engines.outbox.selectors import stuck
from hangbiao.engines.pages.waiting import Waiting
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
