"""Signing on by WeCom, DingTalk, Feishu or the company's own service: off to it, and back."""

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hangbiao.engines.accounts import entering, limits, proof, signon
from hangbiao.engines.accounts.devices import address_of, client_of, remember_browser
from hangbiao.engines.accounts.errors import AccountError, SignOnDeclined, SignOnError
from hangbiao.engines.accounts.middleware import Asked, public
from hangbiao.engines.accounts.pages.around import back, in_or_second_step, origin_of, refused, where_to


@public
@never_cache
@require_safe
def leave(request: Asked, way: str) -> HttpResponse:
    """Off to the service; inside its own client without anybody noticing."""
    service = signon.service(way)
    if service is None:
        raise Http404
    in_client = client_of(request) == way
    home = origin_of(request) + reverse("accounts:sign_on_back", args=[way])
    state = signon.ask(
        request, way=way, back=home, wanted=where_to(request), in_client=in_client, wall=request.wall
    )
    address = service.question(request, state=state, back=home, in_client=in_client)
    if address:
        return HttpResponseRedirect(address)
    given = settings.SIGN_ON[way]
    context = {"way": way, "state": state, "corp": given.get("corp"), "client": given.get("client")}
    return render(request, "accounts/in_client.html", context)


@public
@never_cache
@require_safe
def came_back(request: Asked, way: str) -> HttpResponse:
    """The service sends the browser back with a code."""
    code = request.GET.get("authCode") or request.GET.get("code", "")
    return _finish(request, way, state=request.GET.get("state", ""), code=code)


@public
@never_cache
@require_POST
def from_client(request: Asked, way: str) -> HttpResponse:
    """The page inside the client sends the code that the client gave it."""
    return _finish(request, way, state=request.POST.get("state", ""), code=request.POST.get("code", ""))


def _finish(request: Asked, way: str, *, state: str, code: str) -> HttpResponse:
    service = signon.service(way)
    if service is None:
        raise Http404
    guessed = limits.token_limits(address_of(request))
    try:
        limits.refuse_if_waiting("sign on", guessed, request.wall)
        asked = signon.answered(request, way=way, state=state, wall=request.wall)
        if not code:
            raise SignOnDeclined(way=way)
        known = service.answer(request, code=code[:2048], back=asked.back, in_client=asked.in_client)
        account = signon.account_of(known, at=request.at)
        if request.user.is_authenticated and request.user.pk == account.pk:
            proof.prove(request, request.wall)  # the same person once more: nothing begins anew
            return back(asked.next)
        sitting = entering.enter(request, account=account, way=way, at=request.at, wall=request.wall)
    except AccountError as refusal:
        if isinstance(refusal, SignOnError) and refusal.status != 502:  # noqa: PLR2004 - not the service's fault
            limits.count("sign on", guessed, request.wall)
        return refused(request, refusal, href="/sign-in/?form=1", action=_("回到登录"))
    response = in_or_second_step(request, sitting, wanted=asked.next)
    remember_browser(request, response, account.username, account.mail)
    return response
