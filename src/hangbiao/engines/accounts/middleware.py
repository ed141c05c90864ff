"""Who asks, and when. Every page is closed to strangers unless its view says `@public`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.accounts.sessions import reader_of

View = TypeVar("View", bound=Callable[..., Any])


class Asked(HttpRequest):
    """A request as views see it: who asks, and the one instant that counts for the whole of it."""

    user: Account
    at: datetime


def public(view: View) -> View:
    """Open this page to people who are not signed in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


class SignedIn:
    """Sets `request.user` and `request.at`; sends strangers to the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.clock: Callable[[], datetime] = import_string(settings.CLOCK)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = self.clock()  # type: ignore[attr-defined]
        request.user = SimpleLazyObject(lambda: reader_of(request))  # type: ignore[assignment]
        response = self.get_response(request)
        response.headers.setdefault(
            "Cache-Control", "private, no-cache"
        )  # what one reader saw is not the next one's
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if getattr(view, "is_public", False) or request.user.is_authenticated:
            return None
        return to_sign_in(request)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask to sign in and come back. A page fragment cannot show the form, so htmx is told to go there as a whole."""
    fragment = request.headers.get("HX-Request") == "true"
    back = request.headers.get("HX-Current-URL", "/") if fragment else request.get_full_path()
    wanted = {"next": back} if request.method == "GET" and back != "/" else {}
    address = f"{settings.LOGIN_URL}?{urlencode(wanted)}" if wanted else settings.LOGIN_URL
    if fragment:
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    if request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", ""):
        return HttpResponse(status=401)
    return HttpResponseRedirect(address)


def signed_in(get_response: Callable[[HttpRequest], HttpResponse]) -> SignedIn:
    """The middleware as settings name it."""
    return SignedIn(get_response)
