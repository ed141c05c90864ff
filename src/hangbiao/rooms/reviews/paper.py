"""The deviation analysis on paper: plain values in the reader's language for the typst template."""

from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hangbiao.engines.pages import dates, lamps, numbers, trend, waterfall
from hangbiao.engines.pages.numbers import name_of
from hangbiao.engines.papers.fonts import chinese_font
from hangbiao.engines.papers.pictures import standing_alone
from hangbiao.rooms.people.duties import role_word
from hangbiao.rooms.people.viewer import Viewer
from hangbiao.rooms.reviews.deviation import Deviation, Line, Promise, deviation_of
from hangbiao.rooms.reviews.models import Analysis
from hangbiao.rooms.reviews.selectors import Seen

TEMPLATE = Path(__file__).parent / "papers" / "analysis.typ"


def paper_of(seen: Seen, version: Analysis, viewer: Viewer) -> dict[str, Any]:
    """The template's data."""
    review, told = seen.review, deviation_of(version, seen.review.metric, seen.review.run.period)
    font = chinese_font()
    return {
        "brand": _("航标"),
        "lang": (get_language() or "zh")[:2],
        "title": _("绩效偏差分析"),
        "who": name_of(review.person),
        "light": review.highest,
        "word": lamps.word(review.highest),
        "when": f"{review.run.period.code} · {dates.day_with_weekday(review.run.as_of)}",
        "version": _("第 %(n)s 版") % {"n": version.number},
        "lead": told.sentence,
        "why_not": told.why_not,
        "split_name": _("差距从哪里来"),
        "split": _fall(told),
        "causes": [{"name": one.name, "said": one.said, "share": numbers.whole_percent(one.share)} for one in told.causes],
        "own_name": _("补充和更正"),
        "own": told.own,
        "own_cause": told.own_cause,
        "tables": _tables(told),
        "facts_name": _("比较和记录"),
        "facts": [*told.peers, *told.notes],
        "trend_name": _("走势与预测"),
        "trend": standing_alone(trend.draw(told.trend, 330, 190), f"'{font}'") if told.trend else "",
        "last": _last(told.last),
        "asked_name": _("三方要回答"),
        "asked": [{"role": role_word(role), "questions": list(said)} for role, said in told.asked],
        "footer": _("数字是系统按检查点的数据算的。"),
        "made": _("%(at)s 生成") % {"at": dates.moment(viewer.at)},
    }  # fmt: skip


def _fall(told: Deviation) -> list[dict[str, Any]]:
    return [
        {"label": row.piece.label, "said": row.piece.said, "left": row.left, "right": row.right, "kind": row.css}
        for row in waterfall.spans(told.pieces)
    ]


def _tables(told: Deviation) -> list[dict[str, Any]]:
    head = [_("应达"), _("实际"), _("差")]
    found = [
        {"name": name, "head": ["", *head], "rows": [_row(line) for line in lines]}
        for name, lines in (
            (_("按渠道"), told.channels), (_("按产品"), told.groups), (_("差得最多的客户"), told.customers),
        )
        if lines
    ]  # fmt: skip
    if told.chain:
        rows = [[link.name, numbers.percent(link.share), link.effect] for link in told.chain]
        head = ["", _("和平常比"), _("对差距的影响")]
        found.append({"name": _("铺货 × 拜访 × 成交 × 单量 × 单价"), "head": head, "rows": rows})
    return found


def _row(line: Line) -> list[str]:
    return [line.name, line.due, line.actual, line.gap]


def _last(last: Promise | None) -> dict[str, Any] | None:
    if last is None:
        return None
    return {
        "name": _("上次的行动"),
        "said": _("%(day)s 的复盘，%(verdict)s。") % {"day": dates.day(last.day), "verdict": last.verdict},
        "actions": [
            _("%(what)s（%(owner)s，%(day)s 前）") % {"what": what, "owner": owner, "day": dates.day(due)}
            for what, owner, due in last.actions
        ],
    }
