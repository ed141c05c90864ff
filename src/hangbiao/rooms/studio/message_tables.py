"""The lists of messages. They say who, when and what became of it; never what it said: that is the receiver's."""

from typing import Any

from django.utils.translation import gettext as _

from hangbiao.engines.notify import selectors
from hangbiao.engines.notify.catalogue import all_kinds
from hangbiao.engines.notify.channels import names
from hangbiao.engines.notify.words import channel_name, outcome, states, trouble_name
from hangbiao.engines.pages.dates import moment
from hangbiao.engines.pages.tables import Column, Row, Table, table_of
from hangbiao.rooms.studio.words import TROUBLES


def messages(request: Any, *, troubled: bool) -> Table:
    """The newest thousand, or those in trouble."""
    said = states()
    columns = [
        Column("number", _("编号"), needed=True), Column("to", _("收件人")), Column("kind", _("消息")),
        Column("channel", _("渠道"), choices=[(name, channel_name(name)) for name in names()]),
        Column("state", _("状态"), choices=list(said.items())),
        Column("trouble", _("问题"), choices=[(one, trouble_name(one)) for one in TROUBLES]), Column("code", _("对方的错误码")),
        Column("tries", _("次数"), numeric=True), Column("at", _("时间")), Column("send_at", _("应发时间"), hidden=True),
    ]  # fmt: skip
    kinds = {kind.code: str(kind.name) for kind in all_kinds()}
    rows = [
        Row(
            {
                "number": one.number, "to": str(one.account) if one.account else _("群"),
                "kind": "、".join(dict.fromkeys(kinds.get(k, k) for k in selectors.kinds_of(one))),
                "channel": channel_name(one.channel) if one.channel else "–", "state": said[one.state],
                "trouble": trouble_name(one.trouble) if one.trouble else "", "code": one.code, "tries": one.tries,
                "at": moment(_local(request, one.at)), "send_at": moment(_local(request, one.send_at)),
            },
            {"channel": one.channel, "state": one.state, "trouble": one.trouble},
            href=f"/studio/messages/{one.number}/",
        )
        for one in selectors.messages(troubled=troubled)
    ]  # fmt: skip
    empty = _("没有要处理的消息。") if troubled else _("还没有发过消息。")
    return table_of(request, name="messages", caption=_("消息"), columns=columns, rows=rows, empty=empty)


def attempts(request: Any, message: Any) -> Table:
    """What was tried, by the wall's clock, and what came of it."""
    columns = [
        Column("at", _("时间"), needed=True), Column("channel", _("渠道")), Column("outcome", _("结果")),
        Column("code", _("对方的错误码")), Column("why", _("出了什么问题")), Column("said", _("对方的话"), hidden=True),
    ]  # fmt: skip
    rows = [
        Row(
            {
                "at": f"{_local(request, one.at):%Y-%m-%d %H:%M:%S}", "channel": channel_name(one.channel) or "–",
                "outcome": outcome(one.outcome), "code": one.code,
                "why": selectors.why(one.channel, one.outcome, one.code)[0] if one.outcome in TROUBLES else "", "said": one.said,
            }
        )
        for one in selectors.attempts_of(message)
    ]  # fmt: skip
    empty = _("还没有试过。")
    return table_of(request, name="attempts", caption=_("每次尝试"), columns=columns, rows=rows, empty=empty)


def _local(request: Any, at: Any) -> Any:
    return at.astimezone(request.viewer.zone)
