"""Policy keys of the desk room."""

from django.utils.translation import gettext_lazy as _

from hangbiao.engines.policy.catalogue import Parameter, register

MESSAGES = "docs/rules/messages.md"

register(
    Parameter("inbox.light_workdays", "integer", "5", "workday", "requirement R2.3", _("亮灯后几个工作日内处理")),
    Parameter("inbox.import_workdays", "integer", "2", "workday", "docs/rules/facts.md", _("退回的行几个工作日内处理")),
    Parameter("messages.quiet_from", "clock", "22:00", source=MESSAGES, title=_("免打扰从几点开始")),
    Parameter("messages.quiet_to", "clock", "08:00", source=MESSAGES, title=_("免打扰到几点结束")),
    Parameter("messages.rest_days", "flag", True, source=MESSAGES, title=_("休息日不打扰")),
    Parameter(
        "messages.channels", "texts", ["wecom", "dingtalk", "feishu", "mail"], source=MESSAGES,
        title=_("消息先走哪个渠道，不通再走哪个；邮件总是最后"),
    ),
    Parameter(
        "messages.ids_by_code", "texts", [], source=MESSAGES,
        title=_("哪些渠道里的账号就是员工编号（人员表没有写时用）"),
    ),
    Parameter("messages.begin_on", "day", "2000-01-01", source=MESSAGES, title=_("从哪一天起向站外发消息")),
)  # fmt: skip

KEYS = ("inbox.light_workdays", "inbox.import_workdays")
MESSAGE_KEYS = (
    "messages.quiet_from", "messages.quiet_to", "messages.rest_days", "messages.channels", "messages.ids_by_code",
    "messages.begin_on",
)  # fmt: skip
