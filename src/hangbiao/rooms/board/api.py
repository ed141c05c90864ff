"""The board for programs: the sum on top and the units below it."""

from datetime import date
from fractions import Fraction
from typing import Any

from ninja import Field, Query, Router, Schema

from hangbiao.core.quantity import major
from hangbiao.engines.api.access import needs
from hangbiao.engines.api.asked import Asked
from hangbiao.engines.api.cursors import Asking
from hangbiao.engines.api.errors import NothingYet
from hangbiao.engines.api.scopes import READ_BOARD
from hangbiao.engines.api.words import lazily as _
from hangbiao.engines.pages.numbers import exact
from hangbiao.rooms.board.figures import Figures
from hangbiao.rooms.board.filters import Filters
from hangbiao.rooms.board.selectors.regions import Row, board_of
from hangbiao.rooms.board.selectors.setting import ground_of, setting_for
from hangbiao.rooms.lights.wording import because

router = Router(tags=["board"], auth=needs(READ_BOARD))


class FiguresOut(Schema):
    """Amounts in the metric's unit as text; ratios as text with six decimals."""

    actual: str
    base: str
    stretch: str | None
    attainment: str | None = Field(description=_("实际 ÷ 基准"))
    expected: str | None = Field(description=_("今日应达 ÷ 基准"))
    pace: str | None = Field(description=_("实际 ÷ 今日应达"))
    forecast: str | None = Field(description=_("期末预测 ÷ 基准"))
    forecast_low: str | None
    forecast_high: str | None


class CountsOut(Schema):
    red: int
    yellow: int
    green: int
    grey: int


class BoardRowOut(Schema):
    unit: str
    name: str
    name_en: str
    kind: str
    path: str
    light: str
    because: str
    people: CountsOut
    figures: FiguresOut


class BoardOut(Schema):
    period: str
    metric: str
    metric_unit: str
    as_of: date
    official: bool
    data_as_of: date | None
    figures: FiguresOut
    people: CountsOut
    units: list[BoardRowOut] = Field(description=_("差的在前"))


class BoardAsked(Asking):
    period: str = Field("", max_length=10, description=_("期间编号，例如 2026Q4；留空取最近评估过的期间"))
    metric: str = Field("", max_length=40, description=_("指标编号；留空取主要指标"))
    unit: str = Field("", max_length=40, description=_("单位编号：看它的下级；留空看全部可见范围"))
    kind: str = Field("preview", pattern="^(preview|official)$")


@router.get("/board", response=BoardOut, operation_id="board", summary=_("看板：单位完成情况"))
def board(request: Asked, asked: Query[BoardAsked]) -> BoardOut:
    viewer: Any = request.viewer
    filters = Filters(
        period=asked.period, metric=asked.metric, unit=asked.unit, run="official" if asked.kind == "official" else ""
    )
    setting = setting_for(viewer, filters)
    if setting is None:
        raise NothingYet(period=asked.period)
    ground = ground_of(viewer, setting, filters)
    found = board_of(viewer, setting, ground, filters, with_rows=False)
    places, counts = setting.metric.decimals, found.counts
    return BoardOut(
        period=setting.period.code, metric=setting.metric.code, metric_unit=setting.metric.unit, as_of=setting.run.as_of,
        official=setting.official, data_as_of=setting.data_as_of, figures=_figures(found.figures, places),
        people=CountsOut(red=counts.red, yellow=counts.yellow, green=counts.green, grey=counts.grey),
        units=[_row(row, setting.policy, places) for row in found.fitting],
    )  # fmt: skip


def _row(row: Row, policy: dict[str, Any], places: int) -> BoardRowOut:
    light = row.light
    return BoardRowOut(
        unit=row.unit.code, name=row.unit.name, name_en=row.unit.name_en, kind=row.unit.kind, path=row.unit.path,
        light=light.light, because=because(light, policy), figures=_figures(row.figures, places),
        people=CountsOut(red=light.red, yellow=light.yellow, green=light.green, grey=light.grey),
    )  # fmt: skip


def _figures(of: Figures, places: int) -> FiguresOut:
    return FiguresOut(
        actual=str(major(of.actual, places)), base=str(major(of.base, places)),
        stretch=None if of.stretch is None else str(major(of.stretch, places)), attainment=_ratio(of.attained),
        expected=_ratio(of.expected), pace=_ratio(of.pace), forecast=_ratio(of.end), forecast_low=_ratio(of.end_low),
        forecast_high=_ratio(of.end_high),
    )  # fmt: skip


def _ratio(share: Fraction | None) -> str | None:
    return None if share is None else exact(share, 6)
