"""Policy keys of the lights room. Shares are exact fractions written as text."""

from django.utils.translation import gettext_lazy as _

from hangbiao.engines.policy.catalogue import Parameter, register

LIGHTS, FACTS, PHASING, SCORE = (f"docs/rules/{page}.md" for page in ("lights", "facts", "phasing", "score"))

register(
    Parameter(
        "light.basis", "choice", "pace", source=LIGHTS, title=_("亮灯依据"), choices=("pace", "cumulative")
    ),
    Parameter("light.yellow_below", "fraction", "7/10", "ratio", "requirement R2.2", _("低于此值亮黄灯")),
    Parameter("light.red_below", "fraction", "1/2", "ratio", "requirement R2.2", _("低于此值亮红灯")),
    Parameter("light.min_plan_share", "fraction", "3/20", "ratio", LIGHTS, _("计划占比低于此值时不亮灯")),
    Parameter("light.late_after_workdays", "integer", "2", "workday", FACTS, _("数据晚到几个工作日转灰灯")),
    Parameter("light.min_active_share", "fraction", "1/5", "ratio", PHASING, _("在岗占比低于此值不评定")),
    Parameter(
        "score.policy",
        "choice",
        "incremental",
        source=SCORE,
        title=_("双轨得分办法"),
        choices=("incremental", "parallel"),
    ),
)

KEYS = (
    "light.basis", "light.yellow_below", "light.red_below", "light.min_plan_share", "light.late_after_workdays",
    "light.min_active_share", "score.policy",
)  # fmt: skip
