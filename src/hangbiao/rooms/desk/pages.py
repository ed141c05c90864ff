"""The room's pages: inbox, search, notices, profile."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hangbiao.engines.pages.context import theme_of
from hangbiao.engines.pages.pages import keep_in_browser
from hangbiao.engines.pages.services import keep_preferences
from hangbiao.rooms.actuals import selectors as actuals
from hangbiao.rooms.desk import inbox as waiting
from hangbiao.rooms.desk import selectors, services
from hangbiao.rooms.desk.forms import ProfileForm
from hangbiao.rooms.desk.looking import light_key
from hangbiao.rooms.lights import selectors as lights
from hangbiao.rooms.people.directory import search as found_by
from hangbiao.rooms.people.directory import unit_called
from hangbiao.rooms.people.viewer import Viewer
from hangbiao.rooms.reviews.selectors import reviews_in
from hangbiao.rooms.targets.selectors import headline

DIGITS = 4
LONGEST = 40
PAGE = 50


class Seen(HttpRequest):
    """A request after site.middleware."""

    viewer: Viewer
    user: Any
    frame: Any


@require_safe
def inbox(request: Seen) -> HttpResponse:
    """Everything that waits for the reader."""
    items = waiting.waiting_for(request.viewer)
    asked = request.GET.get("page", "1")
    page = max(int(asked), 1) if asked.isdecimal() and len(asked) <= DIGITS else 1
    start = (min(page, max(-(-len(items) // PAGE), 1)) - 1) * PAGE
    shown = items[start : start + PAGE]
    more = {"first": start + 1, "last": start + len(shown), "before": start // PAGE, "after": start // PAGE + 2}
    context = {"items": shown, "total": len(items), "more": more, "to_look": _to_be_seen(items), "here": "inbox"}
    return render(request, "desk/inbox.html", context)


def _to_be_seen(items: Sequence[Any]) -> list[str]:
    """The keys of what is over once it has been looked at; what needs a deed is not among them."""
    return [item.waiting.key for item in items if item.waiting.key.startswith(("light:", "batch:"))]


@require_POST
def all_looked(request: Seen) -> HttpResponse:
    """The reader has seen everything that is there to be seen; what needs a deed stays."""
    keys = _to_be_seen(waiting.waiting_for(request.viewer))
    services.look_at(account=request.user.pk, keys=keys, at=request.viewer.at)
    return HttpResponseRedirect("/inbox/")


@require_safe
def region(request: Seen, code: str) -> HttpResponse:
    """Open a region's troubled people on the board; they have been looked at."""
    viewer, unit, run, metric = request.viewer, unit_called(code), lights.newest_official(), headline()
    if unit is None or run is None or metric is None or not viewer.scope.covers(unit.path):
        raise Http404
    rows = lights.troubled(run.pk, metric.pk, [unit.path])
    keys = [light_key(run.pk, person) for _path, person, *_rest in rows]
    services.look_at(account=request.user.pk, keys=keys, at=viewer.at)
    light = "red" if any(row[2] == "red" for row in rows) else "yellow"
    return HttpResponseRedirect(f"/board/?unit={unit.code}&view=people&light={light}&run=official")


@require_safe
def batch(request: Seen, number: int) -> HttpResponse:
    """Open a batch on the import pages; it has been looked at."""
    known = {one.pk for one in actuals.batches_with_open_rows(request.viewer.at)}
    if request.viewer.role != "administrator" or number not in known:
        raise Http404
    services.look_at(account=request.user.pk, keys=[f"batch:{number}"], at=request.viewer.at)
    return HttpResponseRedirect(reverse("actuals:batch", args=[number]))


@require_safe
def case(request: Seen, number: int) -> HttpResponse:  # noqa: ARG001 - the address is the same for everybody
    """Open the review that a case is about: messages know the case before its review is written."""
    found = reviews_in([number]).get(number)
    if found is None:
        raise Http404
    return HttpResponseRedirect(f"/reviews/{found.pk}/")


@require_safe
def search(request: Seen) -> HttpResponse:
    """People, units and territories within the reader's scope."""
    viewer, wanted = request.viewer, request.GET.get("q", "").strip()[:LONGEST]
    found = found_by(wanted, paths=viewer.paths, own=viewer.scope.person_id, on=viewer.on)
    return render(request, "desk/search.html", {"q": wanted, "found": found, "here": "search"})


@require_safe
def notifications(request: Seen) -> HttpResponse:
    """The reader's notices, the newest first."""
    asked = request.GET.get("page", "1")
    page = max(int(asked), 1) if asked.isdecimal() and len(asked) <= DIGITS else 1
    news, more = selectors.notices_of(request.user.pk, request.viewer.at, page=page)
    context = {"news": news, "here": "notifications", "before": page - 1, "after": page + 1 if more else 0}
    return render(request, "desk/notifications.html", context)


@require_POST
def all_read(request: Seen) -> HttpResponse:
    """Mark all notices as read."""
    services.mark_read(account=request.user.pk, at=request.viewer.at)
    return HttpResponseRedirect("/notifications/")


@require_safe
def notice(request: Seen, number: int) -> HttpResponse:
    """Open what a notice is about; it is read now. Somebody else's notice does not exist."""
    found = selectors.notice_of(request.user.pk, number)
    if found is None:
        raise Http404
    services.mark_read(account=request.user.pk, at=request.viewer.at, notice=number)
    return HttpResponseRedirect(found.href or "/notifications/")


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Seen) -> HttpResponse:
    """Language, theme, quiet hours, channels; sign out."""
    form = ProfileForm(request.POST) if request.method == "POST" else ProfileForm(initial=_present(request))
    if request.method != "POST" or not form.is_valid():
        status = 400 if form.is_bound else 200
        return render(request, "desk/profile.html", {"form": form, "here": "profile"}, status=status)
    said = form.cleaned_data
    keep_preferences(
        account=request.user, locale=said["language"], theme="" if said["theme"] == "auto" else said["theme"]
    )
    services.keep_wishes(
        account=request.user.pk, quiet_from=said["quiet_from"], quiet_to=said["quiet_to"], channels=said["channels"]
    )
    with override(said["language"]):
        messages.success(request, _("已保存。"))
    return keep_in_browser(HttpResponseRedirect("/profile/"), language=said["language"], theme=said["theme"])


def _present(request: Seen) -> dict[str, Any]:
    wishes = selectors.wishes_of(request.user.pk)
    kept = {"quiet_from": wishes.quiet_from, "quiet_to": wishes.quiet_to, "channels": wishes.channels} if wishes else {}
    return {"language": getattr(request, "LANGUAGE_CODE", ""), "theme": theme_of(request), **kept}
