"""Everybody's own account: password and sessions."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hangbiao.engines.accounts import factors, own, selectors, services, sessions
from hangbiao.engines.accounts.errors import AccountError
from hangbiao.engines.accounts.forms import ChangePasswordForm
from hangbiao.engines.accounts.middleware import Asked
from hangbiao.engines.accounts.pages.around import back, own_page


@require_safe
def account(request: Asked) -> HttpResponse:
    """Passwords and where one is signed in."""
    here = sessions.sitting_of(request)
    context = {
        "account": request.user,
        "factors": factors.factors_of(request.user),
        "sittings": selectors.sittings_of(request.user, here=here, wall=request.wall),
    }
    return own_page(request, "accounts/account.html", context)


@sensitive_post_parameters("present", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: Asked) -> HttpResponse:
    """Change the password: the present one, then a new one twice."""
    form = ChangePasswordForm(request.POST or None, has_password=request.user.has_usable_password())
    if request.method != "POST":
        return own_page(request, "accounts/password.html", {"form": form})
    if not form.is_valid():
        return own_page(request, "accounts/password.html", {"form": form}, status=400)
    try:
        own.change_password(
            request,
            account=request.user,
            present=form.cleaned_data.get("present", ""),
            password=form.cleaned_data["password"],
            at=request.at,
            wall=request.wall,
        )
    except AccountError as refusal:
        context = {"form": form, "refusal": refusal.sentence()}
        return own_page(request, "accounts/password.html", context, status=refusal.status)
    messages.success(request, _("密码已更改，其他设备上的登录已退出。"))
    return back("/account/")


@require_POST
def end_sitting(request: Asked, number: int) -> HttpResponse:
    """Sign one of one's own devices out. Somebody else's number is answered like one that does not exist."""
    found = services.end_sitting(
        account=request.user, sitting=number, at=request.at, wall=request.wall, actor=request.user.actor
    )
    if not found:
        return HttpResponse(status=404)
    messages.success(request, _("那台设备已退出登录。"))
    return back("/account/")


@require_POST
def end_other_sittings(request: Asked) -> HttpResponse:
    """Sign all other devices out."""
    services.end_other_sittings(
        account=request.user,
        but=sessions.sitting_of(request),
        at=request.at,
        wall=request.wall,
        actor=request.user.actor,
    )
    messages.success(request, _("其他设备都已退出登录。"))
    return back("/account/")
