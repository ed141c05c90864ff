"""Policy keys of the lights room. Shares are exact fractions written as text."""

from django.utils.translation import gettext_lazy as _

from hangbiao.engines.policy.catalogue import Parameter, register

register(
    Parameter("light.basis", "choice", "pace", unit="", source="requirement R2.2; docs/rules/lights.md", title=_("亮灯依据"),
              choices=("pace", "cumulative")),
    Parameter("light.yellow_below", "fraction", "7/10", unit="ratio", source="requirement R2.2", title=_("低于此值亮黄灯")),
    Parameter("light.red_below", "fraction", "1/2", unit="ratio", source="requirement R2.2", title=_("低于此值亮红灯")),
    Parameter("light.min_plan_share", "fraction", "3/20", unit="ratio", source="docs/rules/lights.md", title=_("计划占比低于此值时不亮灯")),
    Parameter("light.late_after_workdays", "integer", "2", unit="workday", source="docs/rules/facts.md", title=_("数据晚到几个工作日转灰灯")),
    Parameter("light.min_active_share", "fraction", "1/5", unit="ratio", source="docs/rules/phasing.md", title=_("在岗占比低于此值不评定")),
    Parameter("score.policy", "choice", "incremental", unit="", source="docs/rules/score.md", title=_("双轨得分办法"),
              choices=("incremental", "parallel")),
)  # fmt: skip

KEYS = (
    "light.basis", "light.yellow_below", "light.red_below", "light.min_plan_share", "light.late_after_workdays",
    "light.min_active_share", "score.policy",
)  # fmt: skip
