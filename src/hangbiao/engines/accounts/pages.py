"""Signing in and out."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from hangbiao.engines.accounts import selectors, services
from hangbiao.engines.accounts.errors import AccountError
from hangbiao.engines.accounts.forms import PasswordForm
from hangbiao.engines.accounts.middleware import Asked, public


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Asked) -> HttpResponse:
    """The form; in the demo company the list of people as well."""
    form = PasswordForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, status=200 if request.method != "POST" else 400)
    address = request.META.get("REMOTE_ADDR", "")
    try:
        services.sign_in_by_password(request, address=address, at=request.at, **form.cleaned_data)
    except AccountError as refusal:
        return _page(request, form, refusal.sentence(), refusal.status)
    return HttpResponseRedirect(_where_to(request))


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
    services.begin_session(request, account=account, at=request.at, way="demo list")
    return HttpResponseRedirect(_where_to(request))


@public
@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave. By POST only: a link in a message must not be able to sign anybody out."""
    services.sign_out(request)
    return HttpResponseRedirect("/sign-in/")


def _page(request: Asked, form: PasswordForm, refusal: str = "", status: int = 200) -> HttpResponse:
    people = selectors.demo_people(request.at)
    context = {"form": form, "refusal": refusal, "people": people, "next": _where_to(request, fallback="")}
    return render(request, "accounts/sign_in.html", context, status=status)


def _where_to(request: HttpRequest, fallback: str = "/") -> str:
    """The address asked for before signing in, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and ours else fallback
