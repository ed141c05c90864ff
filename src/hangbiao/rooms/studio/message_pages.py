"""Messages as an administrator sees them: how channels are doing, what is stuck and why, what templates say."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hangbiao.engines.notify import selectors, services
from hangbiao.engines.notify.catalogue import Kind, all_kinds, kind_called
from hangbiao.engines.notify.channels import names
from hangbiao.engines.notify.clocks import wall
from hangbiao.engines.notify.errors import BadTemplate, NoSuchKind, trouble_said
from hangbiao.engines.notify.previewing import preview
from hangbiao.engines.notify.wording import field_names, text_of
from hangbiao.engines.notify.words import channel_name, states, trouble_name
from hangbiao.rooms.studio import message_tables, words
from hangbiao.rooms.studio.guard import administrators_only
from hangbiao.rooms.studio.message_forms import TemplateForm

HERE = {"here": "messages"}
MONTH = timedelta(days=30)
CODES = 5  # of one class
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@administrators_only
@never_cache
@require_safe
def overview(request: Any) -> HttpResponse:
    """Channels, trouble by class with its remedy, and the messages."""
    troubled = request.GET.get("all") != "1"
    codes = _codes()
    stuck = [
        (one, trouble_name(one.trouble), *trouble_said(one.trouble), codes.get(one.trouble, ())) for one in selectors.stuck()
    ]
    context = {
        "channels": [words.Way.of(one, request.viewer.zone) for one in selectors.doings(wall())], "stuck": stuck,
        "no_address": bool(names()) and not settings.PUBLIC_URL, "counts": _counts(request), "troubled": troubled,
        "table": message_tables.messages(request, troubled=troubled), **HERE,
    }  # fmt: skip
    return render(request, "studio/messages.html", context)


def _codes() -> dict[str, list[tuple[str, str, int, str, str]]]:
    """Class of trouble → what the vendors said, the most frequent first: channel, code, how often, the fact, the next step."""
    found: dict[str, list[tuple[str, str, int, str, str]]] = {}
    for trouble, channel, code, number in selectors.stuck_codes():
        known = selectors.why(channel, trouble, code)
        if known != trouble_said(trouble) and len(found.setdefault(trouble, [])) < CODES:
            found[trouble].append((channel_name(channel), code, number, *known))
    return found


def _counts(request: Any) -> list[tuple[str, int]]:
    counted = selectors.counted(request.at - MONTH)
    return [(name, counted[state]) for state, name in states().items() if counted.get(state)]


@administrators_only
@never_cache
@require_safe
def message(request: Any, number: str) -> HttpResponse:
    """One message: whom it went to, by which way, what was tried. What it says is the receiver's."""
    found = _message(number)
    kinds = [str(kind_called(code).name) for code in dict.fromkeys(selectors.kinds_of(found))]
    why = selectors.why(found.channel, found.trouble, found.code) if found.trouble else ("", "")
    context = {
        "message": found, "kinds": kinds, "state": states()[found.state], "channel": channel_name(found.channel),
        "why": why[0], "remedy": why[1], "may_retry": bool(found.trouble), "table": message_tables.attempts(request, found),
        **HERE,
    }  # fmt: skip
    return render(request, "studio/message.html", context)


def _message(number: str) -> Any:
    found = selectors.message_numbered(number)
    if found is None:
        raise Http404
    return found


@administrators_only
@require_POST
def retry(request: Any, number: str) -> HttpResponse:
    """Send one message again."""
    found = _message(number)
    services.retry(messages=[found.pk], at=request.at, actor=request.user.actor)
    messages.success(request, _("已重新排队，几秒后发送。"))
    return HttpResponseRedirect(f"/studio/messages/{number}/")


@administrators_only
@require_POST
def retry_all(request: Any, trouble: str) -> HttpResponse:
    """Send everything with this class of trouble again."""
    found = selectors.in_trouble(trouble) if trouble in words.TROUBLES else []
    number = services.retry(messages=found, at=request.at, actor=request.user.actor)
    if number:
        messages.success(request, _("已重新排队 %(n)s 条。") % {"n": number})
    else:
        messages.info(request, _("没有这样的消息要重发。"))
    return HttpResponseRedirect("/studio/messages/")


@administrators_only
@require_POST
def channel(request: Any, name: str, what: str) -> HttpResponse:
    """Let a channel send again, or send oneself a trial."""
    if what == "resume" and services.resume(channel=name, at=request.at, actor=request.user.actor):
        messages.success(request, _("已恢复，等着的消息正在发送。"))
        return HttpResponseRedirect("/studio/messages/")
    sent = services.try_out(account=request.user.pk, channel=name, at=request.at) if what == "try" else None
    if sent is None:
        raise Http404
    messages.success(request, _("试发的消息已排队，刷新本页看结果。"))
    return HttpResponseRedirect(f"/studio/messages/{sent.number}/")


@administrators_only
@never_cache
@require_safe
def templates(request: Any) -> HttpResponse:
    """Every kind, and in which language somebody has changed what it says."""
    changed = selectors.changed_kinds()
    kinds = [
        (
            kind, text_of(kind, settings.LANGUAGE_CODE),
            [(code, name, changed.get((kind.code, code))) for code, name in _languages()],
        )
        for kind in all_kinds()
    ]  # fmt: skip
    return render(request, "studio/templates.html", {"kinds": kinds, **HERE})


def _languages() -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in settings.LANGUAGES]


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: Any, kind: str, language: str) -> HttpResponse:
    """What a kind says in a language; publishing makes a new version."""
    found = _kind(kind, language)
    text = text_of(found, language)
    form = TemplateForm(request.POST or None, initial={"title": text.title, "body": text.body, "button": text.button})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.publish(kind=kind, language=language, text=form.text(), by=request.user, at=request.at)
        except BadTemplate as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已发布第 %(n)s 版，此后发出的消息用它。") % {"n": made.version})
            return HttpResponseRedirect(request.path)
    context = {
        "kind": found, "language": dict(_languages())[language], "code": language, "form": form, "fields": _fields(found),
        "versions": selectors.versions_of(found, language), **HERE,
    }  # fmt: skip
    return render(request, "studio/template.html", context, status=400 if form.errors else 200)


@administrators_only
@never_cache
@require_POST
def template_preview(request: Any, kind: str, language: str) -> HttpResponse:
    """The text with its sample facts, and how it fits each channel; or every mistake at its place."""
    found, form = _kind(kind, language), TemplateForm(request.POST)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            context["seen"] = preview(found, form.text(), language)
            context["fits"] = [(channel_name(fit.channel), fit) for fit in context["seen"].fits]
        except BadTemplate as refusal:
            form.refuse(refusal)
    return render(request, "studio/_preview.html", context)


def _kind(code: str, language: str) -> Kind:
    if language not in LANGUAGES:
        raise Http404
    try:
        return kind_called(code)
    except NoSuchKind:
        raise Http404 from None


def _fields(kind: Kind) -> list[tuple[str, str]]:
    sample = kind.fields(kind.sample)
    return [(name, sample.get(name, "HB-2026Q4-W8-0123")) for name in field_names(kind)]
