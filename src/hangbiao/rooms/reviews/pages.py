"""The list of reviews and the page of one. A review that the reader may not see answers like one that does not exist."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hangbiao.engines.flows.errors import FlowError
from hangbiao.rooms.people.viewer import Viewer
from hangbiao.rooms.reviews import services
from hangbiao.rooms.reviews.forms import Part, form_for
from hangbiao.rooms.reviews.selectors import Seen, review_for, reviews_of
from hangbiao.rooms.reviews.wording import shown


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
    return render(request, "reviews/reviews.html", {"lines": lines, "late": late, "closed": closed, "here": "reviews"})


@never_cache
@require_safe
def review(request: Asked, number: int) -> HttpResponse:
    """One review: what happened, what everybody says, and the part that is the reader's."""
    seen = _seen(request, number)
    return _page(request, seen, _form(request, seen))


@require_POST
def part(request: Asked, number: int, task: int) -> HttpResponse:
    """Take one's part. Whatever is missing comes back with what was written."""
    seen = _seen(request, number)
    if not any(one.pk == task and one.assignee_id == request.user.pk for one in seen.tasks):
        raise Http404
    if seen.mine is None or seen.mine.pk != task:
        messages.info(request, _("这一步已经办完，不用再办。"))
        return HttpResponseRedirect(f"/reviews/{number}/")
    form = _form(request, seen, request.POST)
    if form is None or not form.is_valid():
        return _page(request, seen, form, status=400)
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


def _seen(request: Asked, number: int) -> Seen:
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
    return form_for(step, seen.mine.part, said, owners=owners, today=request.viewer.on)


def _page(request: Asked, seen: Seen, form: Part | None, status: int = 200) -> HttpResponse:
    context = {"seen": seen, "form": form, "view": shown(seen, request.viewer), "here": "reviews"}
    return render(request, "reviews/review.html", context, status=status)
