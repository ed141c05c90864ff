"""Who stands in for whom: a manager names a deputy and ends it; both see it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hangbiao.engines.pages.dates import span
from hangbiao.engines.pages.numbers import name_of
from hangbiao.rooms.people import deputies as standing
from hangbiao.rooms.people.errors import PeopleError
from hangbiao.rooms.people.forms import DeputyForm
from hangbiao.rooms.people.selectors import person_called

REFUSED = 400


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def deputies(request: Any) -> HttpResponse:
    """Every deputyship that concerns the reader, and for managers the form."""
    viewer = request.viewer
    whom = [(p.code, f"{name_of(p)}（{p.code}）") for p in standing.names_for(viewer.person, viewer.on)]
    if request.method == "POST" and not whom:
        raise Http404
    form = DeputyForm(request.POST or None, whom=whom, today=viewer.on)
    if request.method == "POST" and form.is_valid() and _named(request, form):
        return HttpResponseRedirect(reverse("people:deputies"))
    context = {
        "rows": standing.concerning(viewer.person, viewer.on), "form": form if whom else None, "here": "deputies",
    }  # fmt: skip
    return render(request, "people/deputies.html", context, status=REFUSED if form.errors else 200)


def _named(request: Any, form: DeputyForm) -> bool:
    said = form.cleaned_data
    principal = person_called(said["principal"])
    try:
        deputy = standing.colleague_called(said["deputy"], said["first"])
        standing.appoint_deputy(
            principal=principal, deputy=deputy, first=said["first"], last=said["last"], reason=said["reason"],  # type: ignore[arg-type]
            at=request.at, actor=request.user.actor,
        )  # fmt: skip
    except PeopleError as refusal:
        form.add_error("last" if "first" in refusal.facts else "deputy", refusal.sentence())
        return False
    told = {"deputy": name_of(deputy), "principal": name_of(principal), "days": span(said["first"], said["last"])}
    messages.success(request, _("%(days)s 由%(deputy)s代理%(principal)s。两个人都收到了通知。") % told)
    return True


@require_POST
def end(request: Any, number: int) -> HttpResponse:
    """It ends now. Somebody else's does not exist."""
    found = standing.to_end(request.viewer.person, number, request.viewer.on)
    if found is None:
        raise Http404
    standing.stop_deputy(deputy=found, on=request.viewer.on, at=request.at, actor=request.user.actor)
    messages.success(request, _("代理已结束，立即生效。"))
    return HttpResponseRedirect(reverse("people:deputies"))
