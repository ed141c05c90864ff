"""The board's tables as files: the same rows as on the page, all of them, with figures that can be computed with."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from hangbiao.core.quantity import major
from hangbiao.engines.pages import lamps
from hangbiao.engines.pages.numbers import exact, name_of
from hangbiao.engines.papers.sheets import Sheet, Value
from hangbiao.engines.scope.context import acting
from hangbiao.rooms.board import words
from hangbiao.rooms.board.figures import Figures
from hangbiao.rooms.board.filters import Filters
from hangbiao.rooms.board.selectors.people import everybody_of
from hangbiao.rooms.board.selectors.regions import board_of
from hangbiao.rooms.board.selectors.setting import Ground, Setting
from hangbiao.rooms.board.viewer import Viewer
from hangbiao.rooms.lights.wording import because

SHARES = 6


def sheet_of(viewer: Viewer, setting: Setting, ground: Ground, filters: Filters) -> Sheet:
    """The rows of the view that the address names, in its order and under its filters."""
    metric = f"{name_of(setting.metric)} {setting.period.code} {setting.run.as_of.isoformat()}"
    figures = [
        _("实际"), _("基准"), _("挑战"), _("今日应达"), _("完成"), _("应达"), _("对节奏"), _("差距"), _("期末预测"),
        _("预测下限"), _("预测上限"),
    ]  # fmt: skip
    if filters.view == "people":
        head = [_("编号"), _("姓名"), words.unit_kind(teams=ground.teams), _("灯"), _("为什么"), *figures, _("得分")]
        return Sheet(metric, head, _people(viewer, setting, ground, filters), frozenset(range(9, 16)))
    head = [_("编号"), _("名称"), _("负责人"), _("灯"), _("为什么"), *figures, _("红"), _("黄"), _("绿"), _("未评")]
    return Sheet(metric, head, _units(viewer, setting, ground, filters), frozenset(range(9, 16)))


def _units(viewer: Viewer, setting: Setting, ground: Ground, filters: Filters) -> Iterator[Sequence[Value]]:
    board = board_of(viewer, setting, ground, filters, with_rows=True)
    for row in board.fitting:
        light = row.light
        yield [
            row.unit.code, name_of(row.unit), row.manager, _word(light), because(light, setting.policy),
            *_figures(row.figures, setting), light.red, light.yellow, light.green, light.grey,
        ]  # fmt: skip


def _people(viewer: Viewer, setting: Setting, ground: Ground, filters: Filters) -> Iterator[Sequence[Value]]:
    """Some hundred at a time. Between two of them somebody waits for the network: each is read whole, in the reader's scope."""
    language = get_language() or "zh-hans"
    parts = everybody_of(setting, ground, filters)
    while True:
        with _eyes_of(viewer), override(language):
            part = next(parts, None)
            rows = [_person(setting, row) for row in part or ()]
        if part is None:
            return
        yield from rows


def _eyes_of(viewer: Viewer) -> AbstractContextManager[Any]:
    return acting(viewer.scope)


def _person(setting: Setting, row: Any) -> list[Value]:
    score = None if row.score is None else Decimal(exact(row.score, 2))
    unit = name_of(row.unit) if row.unit else ""
    return [
        row.person.code, name_of(row.person), unit, _word(row.light), because(row.light, setting.policy),
        *_figures(row.figures, setting), score,
    ]  # fmt: skip


def _word(light: Any) -> str:
    return lamps.grey_word(light.grey_reason) if light.light == "grey" else lamps.word(light.light)


def _figures(of: Figures, setting: Setting) -> list[Value]:
    places = setting.metric.decimals
    plan = Decimal(exact(of.plan / 10**places, places))
    stretch = None if of.stretch is None else major(of.stretch, places)
    shares = (of.attained, of.expected, of.pace, of.gap, of.end, of.end_low, of.end_high)
    return [major(of.actual, places), major(of.base, places), stretch, plan, *map(_share, shares)]


def _share(share: Fraction | None) -> Decimal | None:
    return None if share is None else Decimal(exact(share, SHARES))
