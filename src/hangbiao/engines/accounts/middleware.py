"""Who asks, and when. Every page is closed to strangers unless its view says `@public`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.accounts.sessions import reader_of, sitting_of

ENROL = "/account/second-step/"
View = TypeVar("View", bound=Callable[..., Any])


class Asked(HttpRequest):
    """A request as views see it: who asks, and the one instant that counts for the whole of it.

    `at` is the company's instant, `wall` the one of phones and browsers; they differ in the demo, whose clock can stand.
    """

    user: Account
    at: datetime
    wall: datetime


def public(view: View) -> View:
    """Open this page to people who are not signed in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


class SignedIn:
    """Sets `request.user`, `request.at` and `request.wall`; sends strangers to the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.clock: Callable[[], datetime] = import_string(settings.CLOCK)
        self.wall: Callable[[], datetime] = import_string(settings.WALL_CLOCK)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = self.clock()  # type: ignore[attr-defined]
        wall = request.wall = self.wall()  # type: ignore[attr-defined]
        request.user = SimpleLazyObject(lambda: reader_of(request, wall))  # type: ignore[assignment]
        response = self.get_response(request)
        response.headers.setdefault(
            "Cache-Control", "private, no-cache"
        )  # what one reader saw is not the next one's
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if getattr(view, "is_public", False):
            return None
        if not request.user.is_authenticated:
            return to_sign_in(request)
        sitting = sitting_of(request)
        if sitting and sitting.must_enrol and not getattr(view, "is_for_enrolling", False):
            return _to(request, f"{ENROL}?{urlencode({'next': page_of(request)})}")
        return None


def for_enrolling(view: View) -> View:
    """Leave this page open to somebody who has yet to set up the second step that their role wants."""
    view.is_for_enrolling = True  # type: ignore[attr-defined]
    return view


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask to sign in and come back.

    A page: the sign-in page, and back to this address. A form that came too late: nothing is done, and after signing in
    back to the page it stood on, where the browser still has what was typed. htmx cannot show a page in a fragment: 401,
    and `HX-Redirect` makes the whole page go. A script of ours (X-Form, X-Fragment) or a program: 401 and, as JSON, where
    to sign in; what was typed stays on the page.
    """
    back = page_of(request)
    wanted = {"next": back} if back != "/" else {}
    if request.headers.get("HX-Request") == "true" or request.method not in {"GET", "HEAD"}:
        wanted["expired"] = "1"
    return _to(request, f"{settings.LOGIN_URL}?{urlencode(wanted)}" if wanted else settings.LOGIN_URL)


def _to(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    by_script = request.headers.get("X-Form") or request.headers.get("X-Fragment") or request.path.startswith("/api/")
    if by_script or "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"error": "signed_out", "sign_in": address}, status=401)
    return HttpResponseRedirect(address, status=302 if request.method in {"GET", "HEAD"} else 303)


def page_of(request: HttpRequest) -> str:
    """The page that the reader has before them: this one, or the one that its form or fragment belongs to."""
    if request.headers.get("HX-Request") == "true":
        return _path(request, request.headers.get("HX-Current-URL", ""))
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    return _path(request, request.headers.get("Referer", ""))


def _path(request: HttpRequest, address: str) -> str:
    """Path and query of an address of ours; the first page for any other."""
    if not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        return "/"
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def signed_in(get_response: Callable[[HttpRequest], HttpResponse]) -> SignedIn:
    """The middleware as settings name it."""
    return SignedIn(get_response)
