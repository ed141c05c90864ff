"""Policy keys of the reviews room."""

from django.utils.translation import gettext_lazy as _

from hangbiao.engines.policy.catalogue import Parameter, register

REVIEWS = "docs/rules/reviews.md"

register(
    Parameter(
        "reviews.begin_on", "day", "2000-01-01", source=REVIEWS,
        title=_("从这一天的检查点起，黄灯和红灯要复盘"),
    ),
    Parameter(
        "reviews.largest_file_mb", "integer", "20", "MB", REVIEWS, _("复盘附件的单个文件上限"), least="1", most="200"
    ),
)  # fmt: skip

KEYS = ("reviews.begin_on",)
