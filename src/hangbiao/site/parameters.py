"""Policy keys that no room reads: about signing in (accounts know no policy, so the house reads them for accounts) and about
the hours at which things happen by themselves."""

from django.utils.translation import gettext_lazy as _

from hangbiao.engines.policy.catalogue import Parameter, register

SOURCE = "docs/guide/signing-in.md"
HOURS = "docs/rules/schedule.md"

register(
    Parameter(
        "signin.second_factor_roles",
        "texts",
        ["administrator", "hrbp", "executive"],
        source=SOURCE,
        title=_("必须两步验证的角色"),
    ),
    Parameter(
        "signin.ways_with_second_factor", "texts", [], source=SOURCE, title=_("自带两步验证的单点登录")
    ),
    Parameter(
        "signin.idle_minutes",
        "integer",
        "720",
        "minute",
        SOURCE,
        _("多久不用就要重新登录"),
        least="5",
        most="10080",
    ),
    Parameter(
        "signin.life_minutes",
        "integer",
        "10080",
        "minute",
        SOURCE,
        _("登录最长有效时间"),
        least="30",
        most="43200",
    ),
    Parameter(
        "signin.proof_minutes",
        "integer",
        "10",
        "minute",
        SOURCE,
        _("重要操作前，身份验证多久内有效"),
        least="1",
        most="120",
    ),
    Parameter(
        "signin.invitation_hours",
        "integer",
        "72",
        "hour",
        SOURCE,
        _("邀请链接有效时间"),
        least="1",
        most="720",
    ),
    Parameter(
        "signin.reset_minutes",
        "integer",
        "60",
        "minute",
        SOURCE,
        _("重设密码链接有效时间"),
        least="5",
        most="1440",
    ),
)

register(
    Parameter("schedule.sync_at", "clock", "06:30", "hour", HOURS, _("每天几点取文件")),
    Parameter("schedule.preview_at", "clock", "07:30", "hour", HOURS, _("每天几点算预览灯")),
    Parameter("schedule.checkpoint_at", "clock", "09:30", "hour", HOURS, _("检查点次日几点确定正式灯")),
)

KEYS = (
    "signin.second_factor_roles", "signin.ways_with_second_factor", "signin.idle_minutes", "signin.life_minutes",
    "signin.proof_minutes", "signin.invitation_hours", "signin.reset_minutes",
)  # fmt: skip
