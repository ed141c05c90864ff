"""What can be taken away from the board: its table, its chart, and the one-page paper of a unit."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hangbiao.engines.pages import trend
from hangbiao.engines.papers import pictures, press, sheets
from hangbiao.engines.papers.errors import NoChineseFont
from hangbiao.rooms.board.briefing import TEMPLATE, briefing_of
from hangbiao.rooms.board.filters import Filters, filters_of
from hangbiao.rooms.board.selectors.person import person_of
from hangbiao.rooms.board.selectors.regions import board_of
from hangbiao.rooms.board.selectors.setting import Setting, ground_of, setting_for
from hangbiao.rooms.board.sheets import sheet_of
from hangbiao.rooms.people.selectors import person_called


def _asked(request: Any) -> tuple[Filters, Setting]:
    """What the address is about; whoever has no board has no downloads of it either."""
    filters = filters_of(request.GET)
    setting = setting_for(request.viewer, filters) if request.viewer.sees_results_of_others else None
    if setting is None or not request.viewer.about(setting.period.start, setting.period.end).paths:
        raise Http404
    return filters, setting


@require_safe
def table(request: Any, kind: str) -> HttpResponseBase:
    """The view's table as CSV or XLSX."""
    if kind not in sheets.FORMATS:
        raise Http404
    filters, setting = _asked(request)
    ground = ground_of(request.viewer, setting, filters)
    name = f"board-{filters.view}-{setting.metric.code}-{setting.run.as_of.isoformat()}"
    return sheets.answer(sheet_of(request.viewer, setting, ground, filters), kind, name)


@require_safe
def chart(request: Any, kind: str) -> HttpResponse:
    """The trend as SVG or PNG."""
    filters, setting = _asked(request)
    ground = ground_of(request.viewer, setting, filters)
    drawing = board_of(request.viewer, setting, ground, filters, with_rows=False).trend
    return _picture(request, drawing, kind, f"trend-{setting.metric.code}-{setting.run.as_of.isoformat()}")


@require_safe
def chart_of_person(request: Any, code: str, kind: str) -> HttpResponse:
    """Somebody's trend; for whoever may not see them it is not there."""
    setting, who = setting_for(request.viewer, filters_of(request.GET)), person_called(code)
    seen = person_of(request.viewer, setting, who.pk) if setting and who else None
    if setting is None or seen is None:
        raise Http404
    return _picture(request, seen.trend, kind, f"trend-{code}-{setting.run.as_of.isoformat()}")


@require_safe
def paper(request: Any) -> HttpResponse:
    """One page for a Monday meeting about the unit that the address names, or about everything in sight."""
    filters, setting = _asked(request)
    try:
        made = press.printed(TEMPLATE, briefing_of(request.viewer, setting, filters))
    except NoChineseFont as refusal:
        return _cannot(request, refusal)
    response = HttpResponse(made, content_type="application/pdf")
    where = filters.unit or "board"
    name = f"{_('周会')}-{where}-{setting.run.as_of.isoformat()}.pdf"
    response.headers["Content-Disposition"] = sheets.attachment(name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _picture(request: Any, drawing: Any, kind: str, name: str) -> HttpResponse:
    if drawing is None or kind not in pictures.FORMATS:
        raise Http404
    try:
        return pictures.answer(trend.draw(drawing, 640, 360), kind, name)
    except NoChineseFont as refusal:
        return _cannot(request, refusal)


def _cannot(request: Any, refusal: NoChineseFont) -> HttpResponse:
    context = {"title": _("现在不能生成"), "said": refusal.sentence(), "href": "/board/", "action": _("回到看板")}
    return render(request, "pages/notice.html", context, status=refusal.status)
