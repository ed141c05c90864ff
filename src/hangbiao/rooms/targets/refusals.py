"""Rows that the targets room refuses, in words: a rule's refusal as reason and remedy."""

from django.utils.translation import gettext as _

from hangbiao.core.errors import BadPhasing, EmptyPlan, RuleError, TooManyDecimals


def said(error: RuleError) -> tuple[str, str]:
    """Why a rule refuses an amount or a phasing, and what to do."""
    if isinstance(error, BadPhasing):
        reason = _("分解方式应当是 even，或 months: 加期间内每个月各一个权重。")
        return reason, _("请改正分解方式，例如 months:30/30/40。")
    if isinstance(error, EmptyPlan):
        span = {"first": error.first.isoformat(), "last": error.last.isoformat()}
        reason = _("%(first)s 至 %(last)s 没有工作日，分不到目标。") % span
        return reason, _("请把这个月的权重改为 0，或改正工作日历。")
    if isinstance(error, TooManyDecimals):
        reason = _("这里最多 %(places)s 位小数，多出的位数会丢失，所以不自动舍入。") % {"places": error.decimals}
        return reason, _("请在来源处舍入到 %(places)s 位小数。") % {"places": error.decimals}
    return _("数字超出了目标能记录的范围。"), _("请检查单位和小数点。")
