"""What these pages share: where to go afterwards, refusals as pages, the layout."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from hangbiao.engines.accounts.errors import AccountError, TooManyAttempts


def where_to(request: HttpRequest, fallback: str = "/") -> str:
    """The address asked for before signing in, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return wanted if wanted and is_ours(request, wanted) else fallback


def is_ours(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def origin_of(request: HttpRequest) -> str:
    """The house's own address, for links that leave it: settings.PUBLIC_URL, else as this reader reached us."""
    public: str = getattr(settings, "PUBLIC_URL", "")
    return public.rstrip("/") or f"{request.scheme}://{request.get_host()}"


def refused(request: HttpRequest, refusal: AccountError, *, href: str = "", action: str = "") -> HttpResponse:
    """A page with nothing but the sentence and the next step; who must wait first gets the page of waiting."""
    context = {
        "title": _("无法继续"),
        "said": refusal.sentence(),
        "href": href or settings.LOGIN_URL,
        "action": action or _("去登录"),
    }
    page = "429.html" if isinstance(refusal, TooManyAttempts) else "pages/notice.html"
    return render(request, page, context, status=refusal.status)


def own_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the reader's own account, in the frame their other pages have."""
    response = render(request, template, {"here": "profile"} | context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def in_or_second_step(request: HttpRequest, sitting: object | None, *, wanted: str = "") -> HttpResponse:
    """Where the reader wanted to go, or first to the page that asks for the second step."""
    wanted = wanted or where_to(request)
    if sitting is not None:
        return back(wanted)
    return back(f"/sign-in/second/?{urlencode({'next': wanted})}" if wanted != "/" else "/sign-in/second/")


def back(address: str) -> HttpResponse:
    """See other: the browser's back button does not repeat the form."""
    return HttpResponseRedirect(address, status=303)
