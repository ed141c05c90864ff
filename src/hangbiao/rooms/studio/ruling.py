"""What the pages of rules show, for whoever looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from hangbiao.core.quantity import print_ratio
from hangbiao.engines.policy.selectors import policy_on
from hangbiao.rooms.lights.parameters import KEYS
from hangbiao.rooms.lights.rules import previewing, selectors, wording
from hangbiao.rooms.lights.rules.body import Body, read
from hangbiao.rooms.lights.rules.errors import BadRule
from hangbiao.rooms.people.roles import Role
from hangbiao.rooms.people.selectors import person_called
from hangbiao.rooms.people.viewer import Viewer
from hangbiao.rooms.studio.rule_forms import RuleForm


@dataclass(frozen=True, slots=True)
class Line:
    """A rule in the list."""

    code: str
    name: str
    said: str
    state: str
    mark: str


def may(request: Any) -> dict[str, bool]:
    """What the reader may do with rules."""
    return {"writes": Role.ADMINISTRATOR in request.viewer.roles, "reads_names": bool(_inside(request.viewer))}


def who(request: Any) -> dict[str, Any]:
    return {"today": request.viewer.on, "at": request.at, "actor": request.user.actor}


def _inside(viewer: Viewer) -> tuple[str, ...]:
    """The units whose people the reader may name: an administrator of configuration has none."""
    return viewer.paths


def lines(viewer: Viewer) -> list[Line]:
    """Every rule, those in force first."""
    found = [
        Line(one.code, one.body.get("name", ""), wording.sentence(one.body), *_state(one))
        for one in selectors.standings(viewer.on, viewer.at)
    ]
    order = ["on", "soon", "draft", "off"]
    return sorted(found, key=lambda line: (order.index(line.mark), line.code))


def _state(one: selectors.Standing) -> tuple[str, str]:
    newest = one.newest
    if newest is None:
        return _("草稿，还没有发布"), "draft"
    said = _("，有未发布的草稿") if one.draft else ""
    if one.in_force is not None:
        return _("第 %(n)s 版，生效中") % {"n": one.in_force.number} + said, "on"
    if newest.ended:
        return _("已停用") + said, "off"
    return _("第 %(n)s 版，%(day)s 起生效") % {"n": newest.number, "day": newest.valid_from.isoformat()} + said, "soon"


def default_of(viewer: Viewer) -> str:
    """The parameters in a sentence: they hold for everybody whom no rule names."""
    policy = policy_on(KEYS, on=viewer.on, known_at=viewer.at)
    said = {
        "basis": wording.basis(policy["light.basis"]), "yellow": print_ratio(policy["light.yellow_below"]),
        "red": print_ratio(policy["light.red_below"]), "share": print_ratio(policy["light.min_plan_share"]),
    }  # fmt: skip
    return _("对%(basis)s低于 %(yellow)s 亮黄灯、低于 %(red)s 亮红灯，计划过 %(share)s 才亮") % said


def said(body: dict[str, Any]) -> str:
    return wording.sentence(body)


def shown(one: selectors.Standing, viewer: Viewer) -> dict[str, Any]:
    """The sentence, the last six checkpoints, the versions."""
    state, mark = _state(one)
    body = selectors.body_of(one.body)
    return {
        "said": wording.sentence(one.body), "state": state, "mark": mark, "versions": selectors.versions_of(one.code),
        "pasts": previewing.preview(body, inside=_inside(viewer)), "stale": _stale(one),
    }  # fmt: skip


def _stale(one: selectors.Standing) -> bool:
    """Whether the draft says exactly what is in force already."""
    return bool(one.draft and one.newest and not one.newest.ended and one.draft.body == one.newest.body)


def start_of(request: Any, code: str) -> dict[str, Any]:
    """What the form begins with: the version that the address names (to go back to it), else what is being written."""
    asked = request.GET.get("from", "")
    old = selectors.version_called(code, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else None  # noqa: PLR2004
    standing = selectors.standing_of(code, request.viewer.on, request.at)
    return dict(old.body) if old else (standing.body if standing else {})


def names() -> list[tuple[str, str, str]]:
    return wording.spoken()


def groups(form: RuleForm) -> list[tuple[str, Sequence[Any]]]:
    """The form in its parts."""
    parts = {
        _("对谁"): ("code", "name", "units", "roles", "metrics"), _("怎么亮"): ("basis", "yellow_below", "red_below"),
        _("附加条件"): ("condition", "effect"),
        _("细节"): ("hysteresis", "min_plan_share", "certainty", "from_week"),
        _("之后"): ("flow", "flow_lights", "cool_down_days", "tell"),
    }  # fmt: skip
    return [(title, [form[name] for name in fields]) for title, fields in parts.items()]


def checked(form: RuleForm) -> dict[str, Any]:
    """Faults with their places, or the rule in a sentence and the last checkpoint by it."""
    data = form.body()
    try:
        body = read({**data, "name": data["name"] or "–"}, selectors.known())
    except BadRule as bad:
        text = data["condition"]
        return {"faults": [_fault(form, fault, text) for fault in bad.faults]}
    return {"said": _sentence(body), "past": next(iter(previewing.preview(body, runs=1)), None)}


def _sentence(body: Body) -> str:
    from hangbiao.rooms.lights.rules.body import as_data

    return wording.sentence(as_data(body))


def _fault(form: RuleForm, fault: Any, text: str) -> dict[str, str]:
    label = str(form.fields[fault.field].label) if fault.field in form.fields else ""
    inside = fault.field == "condition" and fault.end > fault.start
    return {
        "label": label, "said": fault.sentence, "before": text[max(fault.start - 24, 0) : fault.start] if inside else "",
        "words": text[fault.start : fault.end][:60] if inside else "",
        "after": text[fault.end : fault.end + 24] if inside else "",
    }  # fmt: skip


def case(request: Any, code: str, run: int, person: str) -> dict[str, Any] | None:
    """One person at one checkpoint by the rule; None where the reader does not see that person there."""
    one = selectors.standing_of(code, request.viewer.on, request.at)
    whom = person_called(person)
    if one is None or whom is None or not previewing.is_seen(run, whom.pk, request.viewer.scope):
        return None
    found = previewing.explain_case(selectors.body_of(one.body), run=run, person=whom.pk)
    if found is None:
        return None
    return {
        "one": one, "person": whom, "case": found, "lines": wording.explained(found.lines),
        "said": wording.sentence(one.body), "basis": wording.basis(one.body["basis"]),
        "ratio": print_ratio(found.ratio) if found.ratio is not None else "–",
    }  # fmt: skip
