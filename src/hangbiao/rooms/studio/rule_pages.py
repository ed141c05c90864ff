"""Rules: written and published by an administrator, who sees counts; read, with names, by those who see results anyway."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hangbiao.rooms.lights.errors import LightsError
from hangbiao.rooms.lights.rules import selectors, services
from hangbiao.rooms.lights.rules.errors import BadRule
from hangbiao.rooms.people.roles import Role
from hangbiao.rooms.studio import ruling
from hangbiao.rooms.studio.guard import administrators_only
from hangbiao.rooms.studio.rule_forms import PublishForm, RuleForm, initial_of

READERS = frozenset({Role.ADMINISTRATOR, Role.EXECUTIVE, Role.HRBP})
View = Callable[..., HttpResponse]


def readers_only(view: View) -> View:
    """Others are answered as if there were no such page."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.key is not None or not READERS & request.viewer.roles:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@readers_only
@never_cache
@require_safe
def rules(request: Any) -> HttpResponse:
    """Every rule with how it stands, and the parameters that hold for everybody else."""
    context = {"lines": ruling.lines(request.viewer), "default": ruling.default_of(request.viewer), "here": "rules"}
    return render(request, "studio/rules.html", context | ruling.may(request))


@readers_only
@never_cache
@require_safe
def rule(request: Any, code: str) -> HttpResponse:
    """One rule: in a sentence, on the last checkpoints, in its versions."""
    return _rule(request, code, PublishForm(initial={"valid_from": request.viewer.on}))


def _rule(request: Any, code: str, form: PublishForm) -> HttpResponse:
    one = selectors.standing_of(code, request.viewer.on, request.at)
    if one is None:
        raise Http404
    context = {"one": one, "form": form, "here": "rules", **ruling.shown(one, request.viewer), **ruling.may(request)}
    return render(request, "studio/rule.html", context, status=400 if form.errors else 200)


@readers_only
@never_cache
@require_safe
def version(request: Any, code: str, number: int) -> HttpResponse:
    """An older version stays readable."""
    found = selectors.version_called(code, number)
    if found is None:
        raise Http404
    context = {"version": found, "said": ruling.said(found.body), "here": "rules", **ruling.may(request)}
    return render(request, "studio/rule_version.html", context)


@readers_only
@never_cache
@require_safe
def case(request: Any, code: str, run: int, person: str) -> HttpResponse:
    """Why the rule lights one person so, for whoever sees that person."""
    seen = ruling.case(request, code, run, person)
    if seen is None:
        raise Http404
    return render(request, "studio/rule_case.html", {**seen, "here": "rules"})


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Any, code: str = "") -> HttpResponse:
    """Write a rule; saving keeps a draft and shows whom it would have lit."""
    if code and selectors.standing_of(code, request.viewer.on, request.at) is None:
        raise Http404
    if request.method != "POST":
        return _form(request, RuleForm(initial=initial_of(ruling.start_of(request, code)) if code else None, code=code), code)
    form = RuleForm(request.POST, code=code)
    named = code or str(request.POST.get("code", "")).strip()
    try:
        services.save_draft(code=named, data=form.body(), at=request.at, actor=request.user.actor)
    except BadRule as bad:
        form.take_faults(bad)
        return _form(request, form, code)
    return HttpResponseRedirect(reverse("studio:rule", args=[named]))


def _form(request: Any, form: RuleForm, code: str) -> HttpResponse:
    context = {"form": form, "code": code, "here": "rules", "names": ruling.names(), "groups": ruling.groups(form)}
    return render(request, "studio/rule_edit.html", context, status=400 if form.is_bound else 200)


@administrators_only
@never_cache
@require_POST
def check(request: Any) -> HttpResponse:
    """While somebody types: what is wrong, or what the rule says and whom it would light by the last checkpoint."""
    return render(request, "studio/_rule_check.html", ruling.checked(RuleForm(request.POST)))


@administrators_only
@require_POST
def publish(request: Any, code: str) -> HttpResponse:
    """The draft becomes the next version."""
    draft, form = selectors.draft_of(code), PublishForm(request.POST)
    if draft is None:
        raise Http404
    if form.is_valid():
        try:
            made = services.publish(code=code, data=draft.body, **form.cleaned_data, **ruling.who(request))
        except LightsError as refused:
            form.add_error(None, str(refused))
        else:
            said = {"n": made.number, "day": made.valid_from.isoformat()}
            messages.success(request, _("第 %(n)s 版已发布，从 %(day)s 起生效。") % said)
            return HttpResponseRedirect(reverse("studio:rule", args=[code]))
    return _rule(request, code, form)


@administrators_only
@require_POST
def end(request: Any, code: str) -> HttpResponse:
    """The rule judges nobody any more."""
    form = PublishForm(request.POST)
    if selectors.standing_of(code, request.viewer.on, request.at) is None:
        raise Http404
    if form.is_valid():
        try:
            services.end(code=code, **form.cleaned_data, **ruling.who(request))
        except LightsError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("规则已停用。"))
            return HttpResponseRedirect(reverse("studio:rule", args=[code]))
    return _rule(request, code, form)


@administrators_only
@require_POST
def forget(request: Any, code: str) -> HttpResponse:
    """Throw the draft away."""
    if selectors.draft_of(code) is None:
        raise Http404
    services.forget_draft(code=code)
    messages.success(request, _("草稿已丢弃。"))
    return HttpResponseRedirect(reverse("studio:rules"))
