"""When the three meet: a proposed time, their word to it, and the calendar file."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hangbiao.engines.papers.sheets import attachment
from hangbiao.rooms.reviews import calendar, services
from hangbiao.rooms.reviews.errors import ReviewError
from hangbiao.rooms.reviews.forms import MeetingForm
from hangbiao.rooms.reviews.pages.reviews import Asked, page_of, seen_in
from hangbiao.rooms.reviews.selectors import Seen, may_write, parties_of


@require_POST
def propose(request: Asked, number: int) -> HttpResponse:
    """Propose a time, or another one."""
    seen = _mine(request, number)
    form = MeetingForm(request.POST, now=request.at.astimezone(request.viewer.zone))
    if not form.is_valid():
        return page_of(request, seen, meeting=form, status=400)
    said = {name: form.cleaned_data[name] for name in ("starts_at", "minutes", "link", "place", "drafted_on")}
    try:
        services.propose_meeting(
            review=number, account=request.user.pk, at=request.at, actor=request.user.username, **said
        )
    except ReviewError as refused:
        messages.error(request, refused.sentence())
    else:
        messages.success(request, _("时间已提出，各方会收到通知。"))
    return HttpResponseRedirect(f"/reviews/{number}/#meeting")


@require_POST
def reply(request: Asked, number: int, nth: int) -> HttpResponse:
    """Come, or not."""
    _mine(request, number)
    try:
        services.reply_to_meeting(
            review=number, number=nth, account=request.user.pk, comes=request.POST.get("comes") == "1", at=request.at,
            actor=request.user.username,
        )  # fmt: skip
    except ReviewError as refused:
        messages.error(request, refused.sentence())
    else:
        messages.success(request, _("已答复。"))
    return HttpResponseRedirect(f"/reviews/{number}/#meeting")


@require_safe
def calendar_file(request: Asked, number: int) -> HttpResponse:
    """The newest time as an iCalendar file."""
    seen = seen_in(request, number)
    if not seen.meetings:
        raise Http404
    text = calendar.invitation(seen, seen.meetings[0], parties_of(seen), request.build_absolute_uri(f"/reviews/{number}/"))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response.headers["Content-Disposition"] = attachment(f"{_('复盘')}-{seen.review.person.code}.ics")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _mine(request: Asked, number: int) -> Seen:
    seen = seen_in(request, number)
    if not may_write(request.viewer, seen):
        raise Http404
    return seen
