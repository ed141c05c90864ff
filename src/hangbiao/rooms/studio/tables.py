"""The studio's lists."""

from collections.abc import Collection
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from hangbiao.engines.api.selectors import keys as all_keys
from hangbiao.engines.pages.dates import moment
from hangbiao.engines.pages.tables import Column, Row, Table, table_of
from hangbiao.engines.webhooks import selectors as hooks
from hangbiao.rooms.people.selectors import leavers_among
from hangbiao.rooms.studio import words
from hangbiao.rooms.studio.selectors import place_names


def keys(request: Any) -> Table:
    """Every key ever made."""
    columns = [
        Column("name", _("名称"), needed=True), Column("key", _("密钥"), needed=True),
        Column("state", _("状态"), choices=[(s, words.key_state(s)) for s in words.KEY_STATES]),
        Column("scopes", _("权限")), Column("place", _("单位")), Column("owner", _("负责账号")), Column("reason", _("原因")),
        Column("used", _("最近使用")), Column("expires", _("有效期至")), Column("made", _("创建")),
        Column("act", _("操作"), sortable=False, needed=True, shown_only=True),
    ]  # fmt: skip
    places, found = place_names(), all_keys()
    left = leavers_among({key.owner_id for key in found}, request.viewer.on)
    rows = []
    for key in found:
        state = _state(key, request.at, left)
        over = state in {"revoked", "expired"}  # a key whose owner is gone would open again if they came back
        act = "" if over else render_to_string("studio/_revoke.html", {"key": key}, request)
        rows.append(
            Row(
                {
                    "name": key.name, "key": key.shown, "state": words.key_state(state), "scopes": " ".join(key.scopes),
                    "place": "、".join(places.get(p, p) for p in key.paths), "owner": str(key.owner), "reason": key.reason,
                    "used": moment(_local(request, key.last_used_at)) if key.last_used_at else "–",
                    "expires": moment(_local(request, key.expires_at)) if key.expires_at else "–",
                    "made": f"{moment(_local(request, key.made_at))} {key.made_by}", "act": act,
                },
                {"state": state},
            )
        )  # fmt: skip
    empty = _("还没有密钥。在下面为第一个程序发一个。")
    return table_of(request, name="keys", caption=_("接口密钥"), columns=columns, rows=rows, empty=empty)


def _state(key: Any, at: Any, left: Collection[int]) -> str:
    if key.revoked_at is not None:
        return "revoked"
    if key.expires_at is not None and key.expires_at <= at:
        return "expired"
    if key.owner_id in left:
        return "left"
    return "good" if key.owner.is_active else "closed"


def subscriptions(request: Any) -> Table:
    """Every subscription with what became of its messages."""
    columns = [
        Column("name", _("名称"), needed=True), Column("url", _("接收地址")), Column("events", _("事件")),
        Column("heard", _("已送达"), numeric=True), Column("waiting", _("等待发送"), numeric=True),
        Column("dead", _("没有送达"), numeric=True), Column("last", _("最近送达")), Column("state", _("状态")),
    ]  # fmt: skip
    rows = [
        Row(
            {
                "name": t.subscription.name, "url": t.subscription.url,
                "events": "、".join(words.event(e) for e in t.subscription.events),
                "heard": t.heard, "waiting": t.waiting, "dead": t.dead,
                "last": moment(_local(request, t.last)) if t.last else "–",
                "state": _("已结束") if t.subscription.ended_at else _("生效"),
            },
            href=f"/admin/webhooks/{t.subscription.pk}/",
        )
        for t in hooks.subscriptions()
    ]  # fmt: skip
    empty = _("还没有订阅。在下面添加第一个。")
    return table_of(request, name="webhooks", caption=_("Webhook 订阅"), columns=columns, rows=rows, empty=empty)


def deliveries(request: Any, subscription: Any) -> Table:
    """A subscription's messages, with the remedy where one was not heard."""
    columns = [
        Column("at", _("时间"), needed=True), Column("event", _("事件")),
        Column("state", _("状态"), choices=[(s, words.delivery_state(s)) for s in ("waiting", "heard", "dead")]),
        Column("tries", _("次数"), numeric=True), Column("why", _("出了什么问题")), Column("remedy", _("怎么办")),
        Column("id", _("编号"), hidden=True), Column("said", _("对方的话"), hidden=True),
    ]  # fmt: skip
    rows = []
    for letter in hooks.deliveries_of(subscription.pk):
        said, remedy = hooks.why(letter) if letter.state != "heard" else ("", "")
        rows.append(
            Row(
                {
                    "at": moment(_local(request, letter.at)), "event": words.event(letter.event),
                    "state": words.delivery_state(letter.state), "tries": letter.tries, "why": said, "remedy": remedy,
                    "id": letter.event_id, "said": letter.said,
                },
                {"state": letter.state},
            )
        )  # fmt: skip
    empty = _("还没有消息。有事件发生后会出现在这里。")
    return table_of(request, name="deliveries", caption=_("消息"), columns=columns, rows=rows, empty=empty)


def dead(subscription: Any) -> list[Any]:
    """Its messages that nobody heard."""
    return [letter for letter in hooks.deliveries_of(subscription.pk) if letter.state == "dead"]


def _local(request: Any, at: Any) -> Any:
    return at.astimezone(request.viewer.zone)
