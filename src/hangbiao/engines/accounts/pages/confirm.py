"""Show once more who you are (see proof.py)."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from hangbiao.engines.accounts import factors, own, proof
from hangbiao.engines.accounts.errors import AccountError
from hangbiao.engines.accounts.forms import CodeForm, ConfirmForm
from hangbiao.engines.accounts.middleware import Asked, for_enrolling
from hangbiao.engines.accounts.pages.around import back, own_page, where_to


@for_enrolling
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Asked) -> HttpResponse:
    """A code or passkey of whoever has one, else the password."""
    second = factors.has_second_step(request.user)
    form = CodeForm(request.POST or None) if second else ConfirmForm(request.POST or None)
    context: dict[str, Any] = {
        "form": form,
        "second": second,
        "passkey": factors.has_passkey(request.user),
        "next": where_to(request, ""),
        "can": second or request.user.has_usable_password(),
    }
    credential = request.POST.get("credential", "") if second else ""
    if request.method != "POST" or not (credential or form.is_valid()):
        return own_page(request, "accounts/confirm.html", context, status=400 if request.method == "POST" else 200)
    try:
        if credential:
            factors.check_passkey(account=request.user, credential=credential, wall=request.wall)
        elif second:
            factors.check_code(
                account=request.user, code=form.cleaned_data["code"], at=request.at, wall=request.wall
            )
        else:
            own.check_password(
                request, account=request.user, password=form.cleaned_data["password"], wall=request.wall
            )
    except AccountError as refusal:
        context["refusal"] = refusal.sentence()
        return own_page(request, "accounts/confirm.html", context, status=refusal.status)
    proof.prove(request, request.wall)
    return back(where_to(request, "/account/"))


@for_enrolling
@require_POST
def passkey(request: Asked) -> HttpResponse:
    """The challenge for a passkey."""
    return JsonResponse(factors.ask_for_passkey(request.user))
