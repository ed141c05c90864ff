"""The list of reviews and the page of one. A review that the reader may not see answers like one that does not exist."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hangbiao.engines.files.arriving import MEGABYTE
from hangbiao.engines.files.kinds import ACCEPTED
from hangbiao.engines.flows.errors import FlowError
from hangbiao.rooms.people.viewer import Viewer
from hangbiao.rooms.reviews import services
from hangbiao.rooms.reviews.deviation import deviation_of
from hangbiao.rooms.reviews.forms import MeetingForm, Part, form_for
from hangbiao.rooms.reviews.punctuality import kept_by_unit
from hangbiao.rooms.reviews.selectors import Seen, may_write, review_for, reviews_of
from hangbiao.rooms.reviews.wording import files_shown, meeting_shown, shown


class Asked(HttpRequest):
    """A request after site.middleware."""

    viewer: Viewer
    user: Any
    at: Any


@never_cache
@require_safe
def reviews(request: Asked) -> HttpResponse:
    """All reviews of one's people, or one's own."""
    closed = request.GET.get("closed") == "1"
    lines = reviews_of(request.viewer, closed=closed)
    late = sum(line.late for line in lines)
    context = {"lines": lines, "late": late, "closed": closed, "kept": kept_by_unit(request.viewer), "here": "reviews"}
    return render(request, "reviews/reviews.html", context)


@never_cache
@require_safe
def review(request: Asked, number: int) -> HttpResponse:
    """One review: what happened, what everybody says, and the part that is the reader's."""
    seen = seen_in(request, number)
    return page_of(request, seen, _form(request, seen))


@require_POST
def part(request: Asked, number: int, task: int) -> HttpResponse:
    """Take one's part. Whatever is missing comes back with what was written."""
    seen = seen_in(request, number)
    if not any(one.pk == task and one.assignee_id == request.user.pk for one in seen.tasks):
        raise Http404
    if seen.mine is None or seen.mine.pk != task:
        messages.info(request, _("这一步已经办完，不用再办。"))
        return HttpResponseRedirect(f"/reviews/{number}/")
    form = _form(request, seen, request.POST)
    if form is None or not form.is_valid():
        return page_of(request, seen, form, status=400)
    try:
        services.take_part(
            task=task, account=request.user.pk, decision=form.decision(), answer=form.answer(), at=request.at,
            actor=request.user.username,
        )  # fmt: skip
    except FlowError as refused:
        messages.error(request, refused.sentence())
    else:
        messages.success(request, _("已提交。"))
    return HttpResponseRedirect(f"/reviews/{number}/")


def seen_in(request: Asked, number: int) -> Seen:
    """The review, or 404 for whoever may not see it."""
    seen = review_for(request.viewer, number)
    if seen is None:
        raise Http404
    return seen


def _form(request: Asked, seen: Seen, said: Any = None) -> Part | None:
    if seen.mine is None:
        return None
    people = {task.assignee_id: task.assignee for task in seen.tasks if task.assignee_id and task.step == "review"}
    owners = [(pk, account.name) for pk, account in people.items()]
    step = seen.flow.step(seen.mine.step)
    return form_for(step, seen.mine.part, said, owners=owners, today=request.viewer.on, attached=len(seen.evidence))


def page_of(
    request: Asked, seen: Seen, form: Part | None = None, *, meeting: MeetingForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a review, with the forms that are the reader's."""
    told = deviation_of(seen.analysis, seen.review.metric, seen.review.run.period)
    asked = dict(told.asked).get(seen.mine.role, []) if seen.mine else []
    mine, largest = may_write(request.viewer, seen), services.largest_file_mb(request.viewer.on)
    context = {
        "seen": seen, "form": form, "view": shown(seen, request.viewer), "told": told, "mine_asked": asked, "here": "reviews",
        "files": files_shown(seen), "may_write": mine, "largest": largest,
        "limit": largest * MEGABYTE, "accepted": ACCEPTED, "meeting": meeting_shown(seen, request.viewer),
        "meeting_form": (meeting or _meeting_form(request, seen)) if mine else None,
    }  # fmt: skip
    return render(request, "reviews/review.html", context, status=status)


def _meeting_form(request: Asked, seen: Seen) -> MeetingForm:
    now = request.at.astimezone(request.viewer.zone)
    initial: dict[str, Any] = {"drafted_on": len(seen.meetings)}
    if seen.meetings:
        last = seen.meetings[0]
        initial |= {"minutes": last.minutes, "link": last.link, "place": last.place}
    return MeetingForm(initial=initial, now=now)
