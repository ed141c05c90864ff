"""Signing in and out, and what is said of a form that came too late."""

import logging
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from hangbiao.engines.accounts import entering, selectors, services, signon, words
from hangbiao.engines.accounts.devices import client_of, remember_browser
from hangbiao.engines.accounts.errors import AccountError, TooManyAttempts
from hangbiao.engines.accounts.forms import PasswordForm
from hangbiao.engines.accounts.middleware import Asked, public
from hangbiao.engines.accounts.pages.around import in_or_second_step, is_ours, refused, where_to

log = logging.getLogger("hangbiao.accounts")


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Asked) -> HttpResponse:
    """The form; in the demo company the list of people as well."""
    if request.user.is_authenticated and not settings.DEMO:
        return HttpResponseRedirect(where_to(request))  # two tabs: the other one was faster
    inside = client_of(request)
    if request.method == "GET" and inside in signon.ways() and not request.GET.get("form") and not settings.DEMO:
        return HttpResponseRedirect(f"/sign-on/{inside}/?{urlencode({'next': where_to(request)})}")  # silently
    form = PasswordForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, status=200 if request.method != "POST" else 400)
    try:
        account = services.account_by_password(request, wall=request.wall, **form.cleaned_data)
        sitting = entering.enter(request, account=account, way="password", at=request.at, wall=request.wall)
    except TooManyAttempts as wait:
        return refused(request, wait, href="/sign-in/forgotten/", action=_("忘记密码"))
    except AccountError as refusal:
        return _page(request, form, refusal.sentence(), refusal.status)
    response = in_or_second_step(request, sitting)
    remember_browser(request, response, account.username, account.mail)
    return response


@public
@never_cache
@require_POST
def sign_in_as(request: Asked) -> HttpResponse:
    """One click on a demo person."""
    offered = {person.username for person in selectors.demo_people(request.at)}
    username = request.POST.get("username", "")
    account = selectors.account_named(username) if username in offered else None
    if account is None:
        return HttpResponse(status=404)
    services.begin_session(request, account=account, way=services.DEMO_LIST, at=request.at, wall=request.wall)
    return HttpResponseRedirect(where_to(request))


@public
@never_cache
@require_POST
def sign_out(request: Asked) -> HttpResponse:
    """Leave. By POST only: a link in a message must not be able to sign anybody out."""
    services.sign_out(request, wall=request.wall)
    return HttpResponseRedirect("/sign-in/")


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before the last signing in, or from elsewhere (settings.CSRF_FAILURE_VIEW). Nothing was done."""
    log.warning("forgery check: %s at %s", reason, request.path)
    if request.path == settings.LOGIN_URL and request.user.is_authenticated:
        return HttpResponseRedirect(where_to(request))
    if any(request.headers.get(part) for part in ("HX-Request", "X-Form", "X-Fragment")):
        return render(request, "pages/error_fragment.html", {"status": 403}, status=403)
    came_from = request.headers.get("Referer", "")
    again = came_from if came_from and is_ours(request, came_from) else "/"
    context = {
        "title": _("这一页已经过期"),
        "said": _(
            "你在别的页面重新登录过，或浏览器没有保存 Cookie，所以这次提交没有生效。请回到原来的页面再提交一次。"
        ),
        "href": again,
        "action": _("回到原来的页面"),
    }
    return render(request, "pages/notice.html", context, status=403)


def _page(request: Asked, form: PasswordForm, refusal: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "refusal": refusal,
        "people": selectors.demo_people(request.at),
        "next": where_to(request, fallback=""),
        "ways": [(way, words.way(way)) for way in signon.ways()],
        "expired": bool(request.GET.get("expired")) and not refusal,
    }
    return render(request, "accounts/sign_in.html", context, status=status)
