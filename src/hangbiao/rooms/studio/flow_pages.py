"""Flows of the company: a picture to read, and its text to change with every mistake at its place."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hangbiao.engines.flows import selectors
from hangbiao.engines.flows.definition import Flow, Step
from hangbiao.engines.flows.errors import BadDefinition, FlowError, NoSuchFlow
from hangbiao.engines.flows.services import publish
from hangbiao.engines.pages.once import every_time
from hangbiao.rooms.people.duties import role_word
from hangbiao.rooms.studio.guard import administrators_only

LONGEST = 100_000
FLOW_KEYS = ("flow", "name", "due_workdays", "remind_workdays", "escalate", "cc", "steps")
STEP_KEYS = ("key", "name", "kind", "who", "mode", "confirm_by", "when", "due_workdays", "on_reject")


@dataclass(frozen=True, slots=True)
class Card:
    """One step as the picture shows it."""

    number: int
    name: str
    kind: str
    who: str
    together: str
    confirm: str
    when: str
    due: str
    back: str


def picture(flow: Flow) -> list[Card]:
    """The steps from top to bottom, in words."""
    names = {step.key: step.name for step in flow.steps}
    return [_card(n, step, names) for n, step in enumerate(flow.steps, start=1)]


def _card(number: int, step: Step, names: dict[str, str]) -> Card:
    kinds = {"task": _("填写"), "meet": _("开会"), "approve": _("审批")}
    many = len(step.who) > 1
    own = step.due_workdays
    return Card(
        number=number, name=step.name, kind=kinds[step.kind], who=_roles(step.who),
        together=(_("每个人都要办") if step.mode == "all" else _("其中一个人办即可")) if many else "",
        confirm=_roles(step.confirm_by), when=step.when.text if step.when else "",
        due=_("%(n)d 个工作日") % {"n": own} if own else _("与整个流程同一天到期"),
        back=names.get(step.on_reject, ""),
    )  # fmt: skip


def _roles(roles: Sequence[str]) -> str:
    return "、".join(role_word(role) for role in roles)


def written(body: dict[str, Any]) -> str:
    """The definition as one reads it: in the order of a flow, a step a block. The database keeps no order of its own."""
    lines = [f"  {_json(key)}: {_json(body[key])}" for key in _in_order(body, FLOW_KEYS) if key != "steps"]
    steps = [_json({key: step[key] for key in _in_order(step, STEP_KEYS)}) for step in body["steps"]]
    return "{\n" + ",\n".join([*lines, '  "steps": [\n    ' + ",\n    ".join(steps) + "\n  ]"]) + "\n}"


def _in_order(row: dict[str, Any], order: Sequence[str]) -> list[str]:
    return sorted(row, key=lambda key: order.index(key) if key in order else len(order))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


class FlowForm(forms.Form):
    """The text of a flow."""

    text = forms.CharField(
        label=gettext_lazy("流程定义"), max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "code"}),
        help_text=gettext_lazy("先检查，再发布。正在进行的事项按原来的版本办完。"),
    )  # fmt: skip

    def clean_text(self) -> dict[str, Any]:
        """The definition; not yet whether it is a good one."""
        try:
            found = json.loads(self.cleaned_data["text"])
        except (json.JSONDecodeError, RecursionError) as wrong:
            where = {"line": getattr(wrong, "lineno", 1), "column": getattr(wrong, "colno", 1)}
            place = _("第 %(line)d 行第 %(column)d 列") % where
            raise forms.ValidationError(_("%(place)s读不懂：这里要写 JSON。检查逗号、引号和括号。") % {"place": place}) from wrong
        if not isinstance(found, dict):
            raise forms.ValidationError(_("流程要写在一对大括号里。"))
        return found


@administrators_only
@require_safe
def flows(request: Any) -> HttpResponse:
    """Every flow with its version in force and how many cases run on each version."""
    context = {"flows": selectors.published(), "here": "flows"}
    return render(request, "studio/flows.html", context)


@every_time
@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def flow(request: Any, key: str) -> HttpResponse:
    """The picture of the version in force (or of `?version=`), and the text for the next one."""
    shown = _shown(request, key)
    form, checked = FlowForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        body = form.cleaned_data["text"]
        try:
            if body.get("flow") != key:
                form.add_error("text", _("flow：要写 %(key)s，流程的名称不能改。") % {"key": key})
            elif "publish" in request.POST:
                made = publish(body=body, at=request.at, actor=request.user.actor)
                messages.success(request, _("第 %(n)d 版已发布，新的事项从现在起按它办。") % {"n": made.version})
                return HttpResponseRedirect(f"/studio/flows/{key}/")
            else:
                checked = selectors.checked(body)
        except (BadDefinition, FlowError) as wrong:
            for line in wrong.sentence().splitlines():
                form.add_error("text", line)
    if request.method != "POST":
        form = FlowForm(initial={"text": written(shown.body)})
    read = checked or selectors.flow_of(shown)
    context = {
        "shown": shown, "checked": checked is not None, "flow": read, "cards": picture(read), "form": form,
        "cc": _roles(read.cc), "remind": "、".join(map(str, read.remind_workdays)), "versions": selectors.versions_of(key),
        "here": "flows",
    }  # fmt: skip
    return render(request, "studio/flow.html", context, status=400 if form.errors else 200)


def _shown(request: Any, key: str) -> Any:
    try:
        newest = selectors.newest(key)
    except NoSuchFlow:
        raise Http404 from None
    wanted = request.GET.get("version", "")
    if not wanted:
        return newest
    found = next((one for one in selectors.versions_of(key) if str(one.version) == wanted), None)
    if found is None:
        raise Http404
    return found
