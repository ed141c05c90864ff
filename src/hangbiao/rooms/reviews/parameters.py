"""Policy keys of the reviews room."""

from django.utils.translation import gettext_lazy as _

from hangbiao.engines.policy.catalogue import Parameter, register

REVIEWS = "docs/rules/reviews.md"

register(
    Parameter(
        "reviews.begin_on", "day", "2000-01-01", source=REVIEWS,
        title=_("从这一天的检查点起，黄灯和红灯要复盘"),
    ),
)  # fmt: skip

KEYS = ("reviews.begin_on",)
