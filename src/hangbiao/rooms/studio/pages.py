"""Keys and webhooks. To everybody but an administrator these pages do not exist."""

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hangbiao.engines.api import services as interface
from hangbiao.engines.api.selectors import key_called
from hangbiao.engines.outbox import services as outbox
from hangbiao.engines.pages.once import secret_answer
from hangbiao.engines.webhooks import selectors as hooks
from hangbiao.engines.webhooks import services as telling
from hangbiao.engines.webhooks.errors import WebhookRefused
from hangbiao.rooms.studio import tables
from hangbiao.rooms.studio.forms import KeyForm, WebhookForm
from hangbiao.rooms.studio.guard import administrators_only
from hangbiao.rooms.studio.selectors import account_of, key_owners, key_places, stuck


@secret_answer
@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: Any) -> HttpResponse:
    """Every key, and the form for a new one. The answer to the form is the only place where the key is ever written out."""
    form = KeyForm(
        request.POST or None,
        owners=key_owners(request.viewer.on),
        places=key_places(),
        today=request.viewer.on,
    )
    secret = ""
    if request.method == "POST" and form.is_valid():
        said, zone = form.cleaned_data, request.viewer.zone
        _key, secret = interface.make_key(
            owner=account_of(said["owner"]), name=said["name"], scopes=said["scopes"], paths=[said["place"]],
            reason=said["reason"], per_minute=said["per_minute"], actor=request.user, at=request.at,
            expires_at=datetime.combine(said["expires"], time.max, zone) if said["expires"] else None,
        )  # fmt: skip
        form = KeyForm(owners=key_owners(request.viewer.on), places=key_places(), today=request.viewer.on)
    context = {"table": tables.keys(request), "form": form, "secret": secret, "here": "keys"}
    return render(request, "studio/keys.html", context, status=400 if form.errors else 200)


@administrators_only
@require_POST
def revoke(request: Any, prefix: str) -> HttpResponse:
    """The key opens nothing any more."""
    key = key_called(prefix)
    if key is None:
        raise Http404
    interface.revoke_key(key=key.pk, actor=request.user, at=request.at)
    messages.success(request, _("密钥 %(name)s 已作废。") % {"name": key.name})
    return HttpResponseRedirect("/admin/keys/")


@secret_answer
@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: Any) -> HttpResponse:
    """Every subscription, and the form for a new one; its secret is shown in the answer to the form and never again."""
    form, secret = WebhookForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _made, secret = telling.subscribe(**form.cleaned_data, actor=request.user, at=request.at)
            form = WebhookForm()
        except WebhookRefused as refusal:
            form.add_error("url", refusal.sentence())
    context = {
        "table": tables.subscriptions(request), "form": form, "secret": secret, "stuck": stuck(), "here": "webhooks",
    }  # fmt: skip
    return render(request, "studio/webhooks.html", context, status=400 if form.errors else 200)


@administrators_only
@require_POST
def try_stuck(request: Any) -> HttpResponse:
    """Let what is stuck be tried again."""
    for row in stuck():
        outbox.try_again(pending=row.pk, actor=request.user.actor, at=request.at)
    messages.success(request, _("已重新排队，几秒后发送。"))
    return HttpResponseRedirect("/admin/webhooks/")


@administrators_only
@never_cache
@require_safe
def webhook(request: Any, subscription: int) -> HttpResponse:
    """One subscription and its messages."""
    return _webhook(request, subscription)


def _webhook(request: Any, subscription: int, secret: str = "") -> HttpResponse:
    found = hooks.subscription_called(subscription)
    if found is None:
        raise Http404
    table = tables.deliveries(request, found)
    context = {"subscription": found, "table": table, "dead": tables.dead(found), "secret": secret, "here": "webhooks"}
    return render(request, "studio/webhook.html", context)


@administrators_only
@never_cache
@require_POST
def change(request: Any, subscription: int, what: str) -> HttpResponse:
    """End it, give it another secret, or send its dead letters again."""
    found = hooks.subscription_called(subscription)
    if found is None or found.ended_at is not None or what not in {"secret", "end", "again"}:
        raise Http404
    who = {"actor": request.user, "at": request.at}
    if what == "secret":
        return _webhook(request, subscription, telling.renew_secret(subscription=subscription, **who))
    if what == "end":
        telling.end_subscription(subscription=subscription, **who)
        messages.success(request, _("订阅已结束，不再发送。"))
    else:
        for letter in tables.dead(found):
            telling.send_again(delivery=letter.pk, **who)
        messages.success(request, _("已重新排队，几秒后发送。"))
    return HttpResponseRedirect(f"/admin/webhooks/{subscription}/")
