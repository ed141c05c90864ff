"""The journal. To everybody but an auditor these pages do not exist."""

from collections.abc import Callable
from datetime import UTC
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hangbiao.engines.journal import reading, verifying
from hangbiao.engines.journal.digests import canonical
from hangbiao.engines.pages.progress import job_row
from hangbiao.engines.papers import sheets
from hangbiao.rooms.audit import tables
from hangbiao.rooms.audit.filters import Filters, filters_of, found
from hangbiao.rooms.audit.sheets import MOST_IN_A_WORKBOOK, sheet_of
from hangbiao.rooms.audit.verdicts import Told, told, work_of
from hangbiao.rooms.people.roles import Role
from hangbiao.rooms.people.selectors import holds

View = Callable[..., HttpResponseBase]
TOO_MUCH = 413


def auditors_only(view: View) -> View:
    """Others, the administrator too, are answered as if there were no such page."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.key is not None or not holds(request.viewer.person, Role.AUDITOR, request.viewer.on):
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(guarded)


@require_safe
@auditors_only
def journal(request: Any) -> HttpResponse:
    """The lines, the newest first."""
    filters = filters_of(request.GET)
    lines, looks = found(filters, request.viewer.zone), [told(one) for one in reading.verifications()]
    context = {
        "table": tables.listed(request, lines, narrowed=filters.narrowed), "filters": filters, "here": "journal",
        "kept": request.GET.urlencode(), "looks": looks, "works": [work_of(look.one) for look in looks if look.moving],
    }  # fmt: skip
    return render(request, "audit/journal.html", context)


@require_safe
@auditors_only
def line(request: Any, number: int) -> HttpResponse:
    """One line: what it says, what was said before, and whether it holds together."""
    entry = reading.line_called(number)
    if entry is None:
        raise Http404
    fragment = bool(request.headers.get("X-Fragment"))
    context = {
        "seen": tables.seen(entry), "fragment": fragment, "here": "journal", "canonical": canonical(entry.data),
        "at": entry.at.astimezone(request.viewer.zone), "utc": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
    }  # fmt: skip
    return render(request, "audit/_line.html" if fragment else "audit/line.html", context)


@require_safe
@auditors_only
def export(request: Any, kind: str) -> HttpResponseBase:
    """The filtered lines as CSV or XLSX."""
    if kind not in sheets.FORMATS:
        raise Http404
    filters = filters_of(request.GET)
    lines = found(filters, request.viewer.zone)
    if kind == "xlsx" and lines.count() > MOST_IN_A_WORKBOOK:
        said = _("一个工作簿放不下这么多行。请缩小日期范围，或改用 CSV。")
        context = {"title": _("行数太多"), "said": said, "href": reverse("audit:journal"), "action": _("回到日志")}
        return render(request, "pages/notice.html", context, status=TOO_MUCH)
    return sheets.answer(sheet_of(lines, request.viewer.zone), kind, _name(filters))


def _name(filters: Filters) -> str:
    days = [day.isoformat() for day in (filters.first, filters.last) if day]
    return "-".join(["journal", *filter(None, [filters.stream]), *days])


@require_POST
@auditors_only
def verify(request: Any) -> HttpResponse:
    """Have one stream, or all of them, verified."""
    wanted = request.POST.get("stream", "")
    if wanted and wanted not in reading.streams():
        raise Http404
    asked = verifying.ask_for_verification(stream=wanted, at=request.at, actor=request.user.actor)
    return HttpResponseRedirect(reverse("audit:verification", args=[asked.pk]))


@require_safe
@auditors_only
def verification(request: Any, number: int) -> HttpResponse:
    """How far it is, or what it found."""
    found_there = _called(number)
    context = {"told": found_there, "work": work_of(found_there.one), "here": "journal"}
    return render(request, "audit/verification.html", context)


@require_safe
@auditors_only
def progress(request: Any, number: int) -> HttpResponse:
    """The row alone, for htmx; when it is over, the page has more to say and is asked for again."""
    found_there = _called(number)
    response = HttpResponse(job_row(work_of(found_there.one), request))
    if not found_there.moving:
        response.headers["HX-Refresh"] = "true"
    return response


def _called(number: int) -> Told:
    one = reading.verification_called(number)
    if one is None:
        raise Http404
    return told(one)
