"""Policy keys of the actuals room."""

from django.utils.translation import gettext_lazy as _

from hangbiao.engines.policy.catalogue import Parameter, register

register(
    Parameter(
        "import.largest_file_mb", "integer", "200", "MB", "docs/guide/importing.md", _("页面上传的单个文件上限"),
        least="1", most="1000",
    ),
)  # fmt: skip
