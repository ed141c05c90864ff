"""Show once more who you are, before something that must not be done from a browser left alone.

Before signing, or before changing what guards an account, a view asks `require_recent(request)`: None means go on, otherwise
its answer is to be returned. Ask on the page with the form as well as on its POST, so that nobody types in vain.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from hangbiao.engines.accounts import sessions
from hangbiao.engines.accounts.middleware import Asked, page_of
from hangbiao.engines.accounts.models import Sitting
from hangbiao.engines.accounts.rules import rules_for
from hangbiao.engines.accounts.services import DEMO_LIST

CONFIRM = "/account/confirm/"


def require_recent(request: Asked) -> HttpResponse | None:
    """None if the reader showed who they are within `signin.proof_minutes`; else the way to the page that asks."""
    sitting = sessions.sitting_of(request)
    if sitting is None:
        return HttpResponseRedirect(settings.LOGIN_URL)
    if settings.DEMO and sitting.way == DEMO_LIST:
        return None  # nobody of the demo list has anything to show
    if request.wall - sitting.proved_at < rules_for(request.user, request.at).proof_lasts:
        return None
    address = f"{CONFIRM}?{urlencode({'next': page_of(request)})}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=403, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address, status=302 if request.method in {"GET", "HEAD"} else 303)


def recently_proven(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same as a decorator."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return require_recent(request) or view(request, *args, **kwargs)

    return guarded


def prove(request: HttpRequest, wall: datetime) -> None:
    """The reader has just shown who they are."""
    sitting = sessions.sitting_of(request)
    if sitting:
        sitting.proved_at = wall
        Sitting.objects.filter(pk=sitting.pk).update(proved_at=wall)
