"""A forgotten password, and the page behind the link in a letter."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hangbiao.engines.accounts import entering, letters, selectors
from hangbiao.engines.accounts.devices import address_of, remember_browser
from hangbiao.engines.accounts.errors import AccountError, TooManyAttempts, WeakPassword
from hangbiao.engines.accounts.forms import ForgottenForm, NewPasswordForm
from hangbiao.engines.accounts.middleware import Asked, public
from hangbiao.engines.accounts.pages.around import in_or_second_step, origin_of, refused


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: Asked) -> HttpResponse:
    """Ask for a letter. What is answered never depends on whether the name exists."""
    form = ForgottenForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "folder": selectors.mail_folder() if settings.DEMO else ""}
    if request.method != "POST":
        return render(request, "accounts/forgotten.html", context)
    if not form.is_valid():
        return render(request, "accounts/forgotten.html", context, status=400)
    name = form.cleaned_data["name"]
    try:
        letters.ask_for_reset(request, name=name, origin=origin_of(request), wall=request.wall)
    except TooManyAttempts as wait:
        return refused(request, wait, action=_("回到登录"))
    except AccountError as refusal:
        context["refusal"] = refusal.sentence()
        return render(request, "accounts/forgotten.html", context, status=refusal.status)
    return render(request, "accounts/forgotten.html", context | {"done": True})


@public
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: Asked, token: str) -> HttpResponse:
    """Set a password by the link. Opening the page uses nothing up: mail scanners open links too."""
    address = address_of(request)
    try:
        found = letters.letter_of(token, address=address, wall=request.wall)
    except AccountError as refusal:
        return refused(request, refusal)
    form = NewPasswordForm(request.POST or None)
    context = {"form": form, "letter": found, "title": _title(found.purpose)}
    if request.method != "POST" or not form.is_valid():
        return render(
            request, "accounts/letter.html", context, status=200 if request.method != "POST" else 400
        )
    try:
        account, _purpose = letters.use(
            token=token,
            password=form.cleaned_data["password"],
            address=address,
            at=request.at,
            wall=request.wall,
        )
    except WeakPassword as weak:
        context["refusal"] = weak.sentence()
        return render(request, "accounts/letter.html", context, status=weak.status)
    except AccountError as refusal:
        return refused(request, refusal)
    try:
        sitting = entering.enter(request, account=account, way="letter", at=request.at, wall=request.wall)
    except AccountError as refusal:
        return refused(request, refusal)
    response = in_or_second_step(request, sitting)
    remember_browser(request, response, account.username, account.mail)
    return response


def _title(purpose: str) -> str:
    return _("设置登录密码") if purpose == "invitation" else _("重设登录密码")
