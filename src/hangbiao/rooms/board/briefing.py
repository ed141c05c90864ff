"""What stands on the one-page paper for a Monday meeting: figures, people worst first, and what to talk about."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hangbiao.engines.pages import dates, lamps, trend
from hangbiao.engines.pages.charts import Bar
from hangbiao.engines.pages.numbers import amount, grouped, listed, name_of, percent, points, whole_percent
from hangbiao.engines.papers.fonts import chinese_font
from hangbiao.engines.papers.pictures import standing_alone
from hangbiao.rooms.board import words
from hangbiao.rooms.board.filters import Filters
from hangbiao.rooms.board.selectors.people import PersonRow, people_of
from hangbiao.rooms.board.selectors.regions import Board, board_of
from hangbiao.rooms.board.selectors.setting import Setting, ground_of
from hangbiao.rooms.board.viewer import Viewer

TEMPLATE = Path(__file__).parent / "papers" / "region.typ"
MOST_PEOPLE, MOST_TALK, SOON = 20, 5, 14
WORSE = {"green": 0, "yellow": 1, "red": 2}


def briefing_of(viewer: Viewer, setting: Setting, filters: Filters) -> dict[str, Any]:
    """The paper's data: plain values in the reader's language."""
    filters = replace(filters, view="people", sort="gap", light="", q="", province="", page=1)
    ground = ground_of(viewer, setting, filters)
    board = board_of(viewer, setting, ground, filters, with_rows=False)
    people = people_of(viewer, setting, ground, filters)
    rows = list(people.rows)[:MOST_PEOPLE]
    font = chinese_font()
    return {
        "brand": _("航标"),
        "lang": (get_language() or "zh")[:2],
        "title": _("%(where)s · 周会一页纸") % {"where": ground.said},
        "when": f"{setting.period.code} · {_('第 %(n)s 周') % {'n': setting.week}}",
        "tag": _("正式 %(day)s") % _on(setting) if setting.official else _("预览 %(day)s") % _on(setting),
        "lead": _lead(setting, ground.said, board),
        "worst": _worst(board),
        "kpis": _kpis(setting, board),
        "people": {
            "name": _("人员"),
            "note": _("差距大的在前"),
            "head": [
                _("姓名"), words.unit_kind(teams=ground.teams), _("灯"), _("完成 / 应达"), _("完成"), _("差距 pp"), _("双周"),
                _("预测"),
                _("每周需要"),
            ],
            "rows": [_person(setting, row) for row in rows],
            "more": _("另有 %(n)s 人，见看板。") % {"n": people.total - len(rows)} if people.total > len(rows) else "",
        },
        "trend": standing_alone(trend.draw(board.trend, 330, 200), f"'{font}'") if board.trend else "",
        "trend_name": _("走势与预测"),
        "talk_name": _("会上谈什么"),
        "talk": list(_talk(setting, list(people.rows)))[:MOST_TALK],
        "quiet": _("没有需要特别讨论的变化。"),
        "notes": _("记下：谁 · 做什么 · 到什么时候"),
        "footer": _footer(setting),
        "made": _("%(at)s 生成") % {"at": dates.moment(viewer.at)},
    }  # fmt: skip


def _on(setting: Setting) -> dict[str, str]:
    return {"day": dates.day(setting.run.as_of)}


def _lead(setting: Setting, where: str, board: Board) -> str:
    facts = {
        "where": where,
        "metric": name_of(setting.metric),
        "a": percent(board.figures.attained),
        "b": percent(board.figures.expected),
        "c": points(board.figures.gap),
    }
    return _("%(where)s%(metric)s完成 %(a)s，今日应达 %(b)s，差 %(c)s 个百分点。") % facts


def _worst(board: Board) -> str:
    if not board.worst:
        return ""
    said = listed([_("%(name)s %(n)s") % {"name": name_of(row.unit), "n": row.light.red} for row in board.worst])
    return _("红灯最多：") + said + _("。")


def _bar(bar: Bar) -> dict[str, float | None]:
    shares = {"attained": bar.attained, "pace": bar.pace, "ceiling": bar.ceiling, "low": bar.low, "point": bar.point}
    return {name: None if v is None else float(v) for name, v in (shares | {"high": bar.high}).items()}


def _kpis(setting: Setting, board: Board) -> list[dict[str, Any]]:
    figures, counts, metric = board.figures, board.counts, setting.metric
    done, base = (amount(v, metric.unit, metric.decimals) for v in (figures.actual, figures.base))
    ends = []
    if figures.end_low is not None:
        ends.append(_("80%% 区间 %(a)s–%(b)s") % {"a": percent(figures.end_low), "b": percent(figures.end_high)})
    if figures.p70 is not None:
        ends.append(_("达到 70%% 的概率 %(p)s") % {"p": whole_percent(figures.p70)})
    if figures.end is None:
        ends.append(_("数据还不够做预测"))
    lit = [("red", counts.red), ("yellow", counts.yellow), ("green", counts.green), ("grey", counts.grey)]
    since = ""
    if counts.more_red is not None and setting.before is not None:
        more = {"day": dates.day(setting.before.as_of), "r": _signed(counts.more_red), "y": _signed(counts.more_yellow)}
        moved = counts.more_red or counts.more_yellow
        since = (_("较 %(day)s 红 %(r)s · 黄 %(y)s") if moved else _("与 %(day)s 相同")) % more
    tops = [figures.bar.ceiling, figures.bar.attained, figures.bar.pace, figures.bar.high or Fraction(0), Fraction(1)]
    return [
        {"kind": "figure", "name": _("基准目标完成"), "figure": percent(figures.attained), "bullet": _bar(figures.bar),
         "top": float(max(tops)), "notes": [f"{done} / {base} · {_('对节奏 %(p)s') % {'p': percent(figures.pace)}}"]},
        {"kind": "figure", "name": _("期末预测"), "figure": percent(figures.end), "notes": ends},
        {"kind": "lights", "name": _("亮灯人数"), "notes": [since] if since else [],
         "lights": [{"light": light, "word": lamps.word(light), "n": n} for light, n in lit if n or light != "grey"]},
        {"kind": "day", "name": _("下一个检查点"), "figure": _next(setting), "notes": _window(setting)},
    ]  # fmt: skip


def _signed(number: int | None) -> str:
    return f"+{number}" if number and number > 0 else grouped(number or 0)


def _next(setting: Setting) -> str:
    day = setting.next_checkpoint
    return dates.day_with_weekday(day) if day else _("本期已结束")


def _window(setting: Setting) -> list[str]:
    window = setting.window
    if window is None:
        return []
    facts = {"dates": dates.span(window.opens, window.closes)}
    is_open = window.opens <= setting.run.as_of
    return [_("调整窗口开放中：%(dates)s") % facts if is_open else _("调整窗口：%(dates)s") % facts]


def _person(setting: Setting, row: PersonRow) -> dict[str, Any]:
    light, figures = row.light, row.figures
    grey = light.light == "grey"
    return {
        "name": name_of(row.person),
        "team": name_of(row.unit) if row.unit else "",
        "light": light.light,
        "word": lamps.grey_word(light.grey_reason) if grey else lamps.word(light.light),
        "bullet": _bar(figures.bar),
        "attained": percent(figures.attained),
        "gap": points(figures.gap),
        "marks": [mark.light for mark in row.marks],
        "forecast": whole_percent(figures.end),
        "a_week": _a_week(setting, row) or "–",
    }


def _a_week(setting: Setting, row: PersonRow) -> str:
    needed = row.figures.a_week(setting.today, setting.period.end)
    return amount(needed, setting.metric.unit, setting.metric.decimals) if needed else ""


def _talk(setting: Setting, rows: list[PersonRow]) -> Iterator[dict[str, str]]:
    """First who fell since the last checkpoint, then who is red, who is coming back, what data lack, which dates are near."""
    fell = [row for row in rows if _worse(row)]
    for row in fell[:2]:
        yield _about(setting, row, _("比上一个检查点差：%(before)s → %(now)s。") % _change(row))
    red = [row for row in rows if row.light.light == "red" and row not in fell[:2]]
    for row in red[: 3 if not fell else 2]:
        yield _about(setting, row, "")
    back = [name_of(row.person) for row in rows if row.light.state == "recovering"]
    if back:
        said = _("可以请他们说说做对了什么。")
        yield {"light": "green", "head": _("恢复中：%(names)s。") % {"names": listed(back[:3])}, "said": said}
    grey = [row for row in rows if row.light.light == "grey"]
    if grey:
        why = listed(sorted({lamps.grey_word(row.light.grey_reason) for row in grey}))
        head = _("%(n)s 人未评（%(why)s）。") % {"n": len(grey), "why": why}
        yield {"light": "grey", "head": head, "said": _("先确认数据和在岗情况，再谈目标。")}
    window = setting.window
    if window is not None and (window.opens - setting.run.as_of).days <= SOON:
        head = _("调整窗口：%(dates)s。") % {"dates": dates.span(window.opens, window.closes)}
        yield {"light": "", "head": head, "said": _("需要重新约定目标的人，请在窗口打开前准备好证据。")}


def _worse(row: PersonRow) -> bool:
    official = [mark.light for mark in row.marks if mark.light in WORSE]
    return bool(official) and row.light.light in WORSE and WORSE[row.light.light] > WORSE[official[-1]]


def _change(row: PersonRow) -> dict[str, str]:
    official = [mark.light for mark in row.marks if mark.light in WORSE]
    return {"before": lamps.word(official[-1]), "now": lamps.word(row.light.light)}


def _about(setting: Setting, row: PersonRow, first: str) -> dict[str, str]:
    metric, figures = setting.metric, row.figures
    behind = amount(max(figures.behind, 0), metric.unit, metric.decimals)
    said = first + _("完成 %(a)s，比今日应达少 %(b)s。") % {"a": percent(figures.attained), "b": behind}
    need = _a_week(setting, row)
    if need and setting.weeks_left:
        usual = amount(figures.usual_week(setting.period.start, setting.today), metric.unit, metric.decimals)
        said += _("剩余 %(n)s 周每周要 %(need)s，至今每周 %(usual)s。") % {
            "n": setting.weeks_left, "need": need, "usual": usual}  # fmt: skip
    return {"light": row.light.light, "head": name_of(row.person), "said": said}


def _footer(setting: Setting) -> str:
    facts = [_("航标")]
    if setting.data_as_of:
        facts.append(_("数据至 %(day)s") % {"day": dates.day(setting.data_as_of)})
    facts.append(_("条 = 实际，竖线 = 今日应达，浅色 = 基准与挑战，圆圈 = 预测"))
    return " · ".join(facts)
