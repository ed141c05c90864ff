"""The deviation analysis: on the page with its versions, as a further version, and on paper."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hangbiao.engines.papers import press, sheets
from hangbiao.engines.papers.errors import NoChineseFont
from hangbiao.rooms.people.duties import role_word
from hangbiao.rooms.reviews import services
from hangbiao.rooms.reviews.causes import OF_THE_FORM
from hangbiao.rooms.reviews.deviation import deviation_of
from hangbiao.rooms.reviews.errors import ReviewError
from hangbiao.rooms.reviews.forms import AnalysisForm
from hangbiao.rooms.reviews.pages.reviews import Asked, seen_in
from hangbiao.rooms.reviews.paper import TEMPLATE, paper_of
from hangbiao.rooms.reviews.selectors import Seen, may_write, version_of, versions_of


@never_cache
@require_safe
def analysis(request: Asked, number: int) -> HttpResponse:
    """The newest version, or the one that the address names."""
    seen, version = _asked(request, number)
    newest = seen.analysis
    first = next(iter(newest.body.get("causes", [])), [""])[0]
    said = {"cause": OF_THE_FORM.get(first, ""), "drafted_on": newest.number, **newest.body.get("own", {})}
    form = AnalysisForm(initial=said) if may_write(request.viewer, seen) else None
    return _page(request, seen, version, form)


@require_POST
def write(request: Asked, number: int) -> HttpResponse:
    """A further version, by one of those concerned."""
    seen = seen_in(request, number)
    if not may_write(request.viewer, seen):
        raise Http404
    form = AnalysisForm(request.POST)
    if not form.is_valid():
        return _page(request, seen, seen.analysis, form, status=400)
    try:
        services.write_analysis(
            review=seen.review.pk, account=request.user.pk, at=request.at, actor=request.user.username, **form.cleaned_data
        )
    except ReviewError as refused:
        form.add_error(None, refused.sentence())
        form.data = {**request.POST.dict(), "drafted_on": str(seen.analysis.number)}
        return _page(request, seen, seen.analysis, form, status=refused.status)
    messages.success(request, _("已存为新的一版。"))
    return HttpResponseRedirect(f"/reviews/{number}/analysis/")


@require_safe
def paper(request: Asked, number: int) -> HttpResponse:
    """The same as a PDF."""
    seen, version = _asked(request, number)
    try:
        made = press.printed(TEMPLATE, paper_of(seen, version, request.viewer))
    except NoChineseFont as refusal:
        messages.error(request, refusal.sentence())
        return HttpResponseRedirect(f"/reviews/{number}/analysis/")
    response = HttpResponse(made, content_type="application/pdf")
    name = f"{_('绩效偏差分析')}-{seen.review.person.code}-{seen.review.run.as_of.isoformat()}-v{version.number}.pdf"
    response.headers["Content-Disposition"] = sheets.attachment(name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _asked(request: Asked, number: int) -> tuple[Seen, Any]:
    seen, wanted = seen_in(request, number), request.GET.get("v", "")
    version = version_of(seen.review.pk, int(wanted)) if wanted.isdecimal() and len(wanted) < 5 else seen.analysis  # noqa: PLR2004
    if version is None:
        raise Http404
    return seen, version


def _page(request: Asked, seen: Seen, version: Any, form: AnalysisForm | None, status: int = 200) -> HttpResponse:
    told = deviation_of(version, seen.review.metric, seen.review.run.period)
    context = {
        "seen": seen, "version": version, "versions": versions_of(seen.review.pk), "form": form, "here": "reviews",
        "told": told, "asked": [(role_word(role), questions) for role, questions in told.asked],
    }  # fmt: skip
    return render(request, "reviews/analysis.html", context, status=status)
