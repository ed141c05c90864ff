"""Policy keys of the desk room."""

from django.utils.translation import gettext_lazy as _

from hangbiao.engines.policy.catalogue import Parameter, register

register(
    Parameter("inbox.light_workdays", "integer", "5", "workday", "requirement R2.3", _("亮灯后几个工作日内处理")),
    Parameter("inbox.import_workdays", "integer", "2", "workday", "docs/rules/facts.md", _("退回的行几个工作日内处理")),
)

KEYS = ("inbox.light_workdays", "inbox.import_workdays")
