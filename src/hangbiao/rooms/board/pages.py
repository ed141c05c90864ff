"""The room's pages: board, person, my target."""

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hangbiao.engines.pages.frame import Frame
from hangbiao.engines.schedules.selectors import silent_since
from hangbiao.rooms.board import words
from hangbiao.rooms.board.filters import Filters, day_of, filters_of, page_number
from hangbiao.rooms.board.selectors.people import people_of
from hangbiao.rooms.board.selectors.person import person_of
from hangbiao.rooms.board.selectors.regions import board_of
from hangbiao.rooms.board.selectors.setting import Setting, ground_of, setting_for
from hangbiao.rooms.board.selectors.todo import todos
from hangbiao.rooms.board.selectors.why import (
    Asked,
    Subject,
    asked_of,
    lines_of,
    person_subject,
    unit_subject,
    why,
)
from hangbiao.rooms.board.viewer import Viewer
from hangbiao.rooms.people.selectors import person_called

FIRST_PAGES = {"auditor": "/journal/", "integrator": "/api/docs"}  # of those who see no results
MOST_IN_A_SELECT = 60  # more regions are found by drilling or by name
STALE_AFTER_DAYS = 4  # for the header only; the lights count working days by policy


class Seen(HttpRequest):
    """A request after site.middleware: who looks, and what stands around the page."""

    viewer: Viewer
    frame: Frame
    shown_person: int  # whose light the page shows: the inbox need not say it any more
    wall: datetime


@require_safe
def home(request: Seen) -> HttpResponse:
    """Land on the page that answers this role's first question."""
    viewer = request.viewer
    if viewer.role == "rep":
        return HttpResponseRedirect("/me/")
    if viewer.role == "administrator":
        return HttpResponseRedirect("/imports/")
    if viewer.role in FIRST_PAGES:
        return HttpResponseRedirect(FIRST_PAGES[viewer.role])
    if not viewer.sees_results_of_others:
        return _no_results(request)
    return HttpResponseRedirect("/board/?view=people" if viewer.role == "supervisor" else "/board/")


@require_safe
def board(request: Seen) -> HttpResponse:
    """Regions or people, with everything above them."""
    viewer, filters = request.viewer, filters_of(request.GET)
    if not viewer.sees_results_of_others:
        return home(request) if viewer.role == "rep" else _no_results(request)
    setting = setting_for(viewer, filters)
    if setting is None:
        return _nothing_yet(request)
    ground = ground_of(viewer, setting, filters)
    if not ground.top:
        return _nothing_yet(request)
    by_unit = filters.view == "region" and not ground.one_team
    context = {
        "filters": filters,
        "ground": ground,
        "board": board_of(viewer, setting, ground, filters, with_rows=by_unit),
        "people": None if by_unit else people_of(viewer, setting, ground, filters),
        "kind": words.unit_kind(teams=ground.teams),
        "title": words.board_title(ground.level),
        "units_to_choose": ground.regions if 1 < len(ground.regions) <= MOST_IN_A_SELECT else [],
    }
    part = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    template = "board/_part.html" if part else "board/board.html"
    return _show(request, template, setting, "board", context)


@require_safe
def person(request: Seen, code: str) -> HttpResponse:
    """A person as far as the viewer may see; otherwise the answer is that of an absent one."""
    filters = filters_of(request.GET)
    setting = setting_for(request.viewer, filters)
    who = person_called(code)
    seen = person_of(request.viewer, setting, who.pk) if setting and who else None
    if setting is None or seen is None:
        raise Http404
    request.shown_person = seen.person.pk
    fragment = bool(request.headers.get("X-Fragment"))
    context = {"seen": seen, "filters": filters, "fragment": fragment, "shell": shell_of(request.viewer)}
    return _show(
        request, "board/_person.html" if fragment else "board/person.html", setting, "board", context
    )


@require_safe
def why_person(request: Seen, code: str, of_day: str = "") -> HttpResponse:
    """Why a person's light is what it is; with a day: the raw lines behind it."""
    filters, who = filters_of(request.GET), person_called(code)
    setting = setting_for(request.viewer, filters)
    if setting is None or who is None:
        raise Http404
    asked = asked_of(request.GET, setting, request.viewer)
    subject = person_subject(setting, who, asked.day)
    return _why(request, setting, filters, subject, asked, of_day)


@require_safe
def why_unit(request: Seen, code: str, of_day: str = "") -> HttpResponse:
    """The same for a unit that the viewer sees."""
    filters = filters_of(request.GET)
    setting = setting_for(request.viewer, filters)
    if setting is None:
        raise Http404
    asked = asked_of(request.GET, setting, request.viewer)
    subject = unit_subject(request.viewer, setting, code, asked.day)
    return _why(request, setting, filters, subject, asked, of_day)


def _why(
    request: Seen, setting: Setting, filters: Filters, subject: Subject | None, asked: Asked, of_day: str
) -> HttpResponse:
    if subject is None:
        raise Http404
    place = f"/{'people' if subject.is_person else 'units'}/{subject.thing.code}/"
    kept = filters.query(
        period=setting.period.code,
        day=asked.day.isoformat(),
        known=asked.known.isoformat() if asked.known else "",
    )
    context: dict[str, Any] = {
        "filters": filters,
        "subject": subject,
        "asked": asked,
        "place": place,
        "kept": kept,
        "fragment": bool(request.headers.get("X-Fragment")),
        "shell": shell_of(request.viewer),
    }
    name = "lines" if of_day else "why"
    if of_day:
        day = day_of(of_day)
        if day is None or not setting.period.start <= day <= asked.day:
            raise Http404
        page = page_number(request.GET.get("lines", "1"))
        context |= _lines(request.viewer, setting, subject, asked, day, page)
    else:
        context |= _derivation(request.viewer, setting, subject, asked)
    part = f"board/_{name}.html" if context["fragment"] else f"board/{name}.html"
    return _show(request, part, setting, "me" if request.viewer.role == "rep" else "board", context)


def _derivation(viewer: Viewer, setting: Setting, subject: Subject, asked: Asked) -> dict[str, Any]:
    found = why(viewer, setting, subject, asked)
    more: dict[str, Any] = {"why": found, "latest": min(viewer.on, setting.period.end), "viewer_on": viewer.on}
    if found is not None:
        policy = found.then.policy
        more["basis_then"] = words.basis(policy["light.basis"])
        more["score_policy_then"] = words.score_policy(policy["score.policy"])
        more["yellow"], more["red"] = (Fraction(policy[f"light.{b}_below"]) for b in ("yellow", "red"))
        more["phasings"] = [words.phasing(text) for text in found.plan.phasings]
        more["method"] = words.method(found.end.method) if found.end else ""
    return more


def _lines(
    viewer: Viewer, setting: Setting, subject: Subject, asked: Asked, day: date, page: int
) -> dict[str, Any]:
    return {"day": day, "found": lines_of(viewer, setting, subject, asked, day, page)}


@require_safe
def my_target(request: Seen) -> HttpResponse:
    """The rep's own page, made for a phone."""
    filters = filters_of(request.GET)
    setting = setting_for(request.viewer, filters)
    me = request.viewer.person
    seen = person_of(request.viewer, setting, me.pk) if setting and me else None
    if setting is None or seen is None:
        return _nothing_yet(request)
    request.shown_person = seen.person.pk
    context = {"seen": seen, "filters": filters, "todos": todos(request.viewer, setting, seen)}
    return _show(request, "board/me.html", setting, "me", context)


def _show(request: Seen, template: str, setting: Setting, here: str, context: dict[str, Any]) -> HttpResponse:
    reached = setting.data_as_of
    current = setting.period.start <= request.viewer.on <= setting.period.end
    stale = bool(current and reached and (request.viewer.on - reached).days > STALE_AFTER_DAYS)
    silent = silent_since(request.wall) is not None
    request.frame = replace(request.frame, data_as_of=reached, stale=stale, silent=silent)
    policy = setting.policy
    shared = {
        "setting": setting,
        "here": here,
        "basis": words.basis(policy["light.basis"]),
        "score_policy": words.score_policy(policy["score.policy"]),
    }
    response = render(request, template, shared | context)
    response.headers["Cache-Control"] = "private, no-store"  # a part must never come back as the page
    return response


def shell_of(viewer: Viewer) -> str:
    """The page around the content: a rep works on a phone."""
    return "pages/phone.html" if viewer.role == "rep" else "pages/desk.html"


def _no_results(request: Seen) -> HttpResponse:
    to_do = {
        "auditor": (_("你的角色查日志，看不到任何人的业绩。"), "/journal/", _("打开日志")),
        "integrator": (_("你的账号给程序用，看不到任何人的业绩。"), "/api/docs", _("接口文档")),
    }
    configures = _("你的角色只做配置，默认看不到任何人的业绩。需要看结果时，请由高管授予相应的职位。")
    said, href, action = to_do.get(request.viewer.role, (configures, "/profile/", _("我的设置")))
    context = {"title": _("没有结果可看"), "said": said, "href": href, "action": action}
    return render(request, "pages/notice.html", context)


def _nothing_yet(request: HttpRequest) -> HttpResponse:
    said = _("还没有为你评估过的目标。导入目标和数据并完成第一次评估后，这里会显示结果。")
    context = {"title": _("还没有结果"), "said": said, "href": "/profile/", "action": _("我的设置")}
    return render(request, "pages/notice.html", context)
