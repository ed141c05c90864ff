"""The second step: asked for on the way in, set up and looked after on one's own pages."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hangbiao.engines.accounts import entering, factors, words
from hangbiao.engines.accounts.devices import device_of
from hangbiao.engines.accounts.errors import AccountError, SecondStepTooLate, TooManyAttempts
from hangbiao.engines.accounts.forms import CodeForm
from hangbiao.engines.accounts.middleware import Asked, for_enrolling, public
from hangbiao.engines.accounts.pages.around import back, own_page, refused, where_to
from hangbiao.engines.accounts.proof import recently_proven
from hangbiao.engines.accounts.rules import rules_for
from hangbiao.engines.accounts.sessions import sitting_of

SECRET = "account_new_app"  # noqa: S105 - where the session keeps it until a code confirms it


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: Asked) -> HttpResponse:
    """After the password: the code of the app, a recovery code, or a passkey."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(where_to(request))
    try:
        account, way = entering.waiting(request, request.wall)
    except SecondStepTooLate as late:
        return refused(request, late)
    form = CodeForm(request.POST or None)
    context = {"form": form, "next": where_to(request, ""), "passkey": factors.has_passkey(account)}
    credential = request.POST.get("credential", "")
    if request.method != "POST" or not (credential or form.is_valid()):
        return render(request, "accounts/second_step.html", context, status=400 if request.method == "POST" else 200)
    try:
        if credential:
            factors.check_passkey(account=account, credential=credential, wall=request.wall)
        else:
            factors.check_code(account=account, code=form.cleaned_data["code"], at=request.at, wall=request.wall)
        entering.finish(request, account=account, way=way, at=request.at, wall=request.wall)
    except TooManyAttempts as wait:
        return refused(request, wait, action=_("回到登录"))
    except AccountError as refusal:
        context["refusal"] = refusal.sentence()
        return render(request, "accounts/second_step.html", context, status=refusal.status)
    return back(where_to(request))


@public
@never_cache
@require_POST
def second_step_passkey(request: Asked) -> HttpResponse:
    """The challenge for a passkey on the way in."""
    try:
        account, _way = entering.waiting(request, request.wall)
    except SecondStepTooLate as late:
        return JsonResponse({"said": late.sentence()}, status=late.status)
    return JsonResponse(factors.ask_for_passkey(account))


@for_enrolling
@require_safe
def overview(request: Asked) -> HttpResponse:
    """What one has, and what can be added."""
    sitting = sitting_of(request)
    context = {
        "factors": factors.factors_of(request.user),
        "codes_left": factors.codes_left(request.user),
        "wanted": rules_for(request.user, request.at).second_factor_wanted,
        "must_enrol": bool(sitting and sitting.must_enrol),
        "next": where_to(request, ""),
        "device": words.device(device_of(request)),
    }
    return own_page(request, "accounts/second_overview.html", context)


@for_enrolling
@recently_proven
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def app(request: Asked) -> HttpResponse:
    """Set up an app: scan, type the code it shows."""
    if SECRET not in request.session:
        request.session[SECRET] = factors.new_secret()
    secret = request.session[SECRET]
    form = CodeForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "secret": secret, "drawing": factors.drawn_for_app(request.user, secret)}
    if request.method != "POST" or not form.is_valid():
        return own_page(request, "accounts/second_app.html", context, status=400 if request.method == "POST" else 200)
    try:
        factors.add_app(
            account=request.user, secret=secret, code=form.cleaned_data["code"], at=request.at, wall=request.wall
        )
    except AccountError as refusal:
        context["refusal"] = refusal.sentence()
        return own_page(request, "accounts/second_app.html", context, status=refusal.status)
    del request.session[SECRET]
    messages.success(request, _("验证器已添加。请把恢复码保存到安全的地方。"))
    return back("/account/second-step/codes/")


@for_enrolling
@recently_proven
@require_POST
def new_passkey_options(request: Asked) -> HttpResponse:
    """The challenge for making a passkey."""
    return JsonResponse(factors.ask_for_new_passkey(request.user))


@for_enrolling
@recently_proven
@require_POST
def new_passkey(request: Asked) -> HttpResponse:
    """Keep the passkey that the browser made."""
    name = request.POST.get("name", "").strip() or _("通行密钥")
    try:
        factors.add_passkey(
            account=request.user, name=name, credential=request.POST.get("credential", ""), at=request.at
        )
    except AccountError as refusal:
        messages.error(request, refusal.sentence())
        return back("/account/second-step/")
    messages.success(request, _("通行密钥已添加。请把恢复码保存到安全的地方。"))
    return back("/account/second-step/codes/")


@for_enrolling
@recently_proven
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: Asked) -> HttpResponse:
    """The recovery codes that are left; by POST ten new ones."""
    if request.method == "POST":
        factors.renew_recovery_codes(account=request.user, at=request.at)
        messages.success(request, _("新的恢复码已生成，原来的不再有效。"))
        return back("/account/second-step/codes/")
    return own_page(request, "accounts/second_codes.html", {"codes": factors.recovery_codes(request.user)})


@recently_proven
@require_POST
def remove(request: Asked, number: int) -> HttpResponse:
    """Take one away. Somebody else's number is answered like one that does not exist."""
    try:
        found = factors.remove(account=request.user, number=number, at=request.at)
    except AccountError as refusal:
        messages.error(request, refusal.sentence())
        return back("/account/second-step/")
    if not found:
        return HttpResponse(status=404)
    messages.success(request, _("已移除。"))
    return back("/account/second-step/")
