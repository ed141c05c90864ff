"""Read rules: their versions, what is in force on a day, what a rule may name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hangbiao.engines.flows import catalogue as flows
from hangbiao.rooms.lights.models import RuleDraft, RuleVersion
from hangbiao.rooms.lights.rules.body import DEFAULT_FLOW, LIT, TOLD, Body, Known, read
from hangbiao.rooms.lights.rules.names import names_for
from hangbiao.rooms.people.roles import Role
from hangbiao.rooms.people.selectors import people_with_roles, units_under
from hangbiao.rooms.targets.selectors import metrics

RULES, NEEDS_PROJECTIONS = "rules", "rules.landing"
JUDGED = (Role.REP, Role.SUPERVISOR, Role.REGION_MANAGER)  # who can have a target of their own


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule as it stands on a day: the version in force (None: ended, or not yet), the newest, and what is being written."""

    code: str
    in_force: RuleVersion | None
    newest: RuleVersion | None
    draft: RuleDraft | None

    @property
    def body(self) -> dict[str, Any]:
        """What a reader wants to see first."""
        one = self.draft or self.in_force or self.newest
        return dict(one.body) if one else {}


def known() -> Known:
    """What a rule may name today."""
    every = metrics()
    units = [unit.path for unit in units_under(("/",)).exclude(kind="province")]
    return Known(units, [m.code for m in every], [r.value for r in JUDGED], flows.known(), names_for(every))


def versions_of(code: str) -> list[RuleVersion]:
    """Every version, the newest first."""
    return list(RuleVersion.objects.filter(code=code).order_by("-number"))


def version_called(code: str, number: int) -> RuleVersion | None:
    return RuleVersion.objects.filter(code=code, number=number).first()


def draft_of(code: str) -> RuleDraft | None:
    return RuleDraft.objects.filter(code=code).first()


def in_force(on: date, known_at: datetime) -> list[RuleVersion]:
    """The version in force of every rule on a day, as known at an instant. Of those that have begun the last published counts."""
    begun = RuleVersion.objects.filter(valid_from__lte=on, published_at__lte=known_at)
    newest = begun.order_by("code", "-number").distinct("code")
    return [version for version in newest if not version.ended]


def rules_on(on: date, known_at: datetime) -> dict[str, Any]:
    """What a run keeps of the rules it uses, the narrowest first, with who has the roles they name: the organisation keeps no
    record of what it said earlier. Nothing where there is none."""
    found = in_force(on, known_at)
    if not found:
        return {}
    may = known()
    ranked = sorted(found, key=lambda v: (body_of(v.body, may).rank(), v.published_at, v.pk), reverse=True)
    kept = [
        {
            "id": v.pk, "code": v.code, "number": v.number, "body": v.body,
            "people": people_with_roles(v.body["roles"], on) if v.body["roles"] else [],
        }
        for v in ranked
    ]  # fmt: skip
    ends = any(_asks_for_the_end(body_of(v.body, may)) for v in ranked)
    return {RULES: kept, **({NEEDS_PROJECTIONS: True} if ends else {})}


def body_of(data: dict[str, Any], may: Known | None = None) -> Body:
    """The rule that was published: what it names may be gone since, and is then nobody and nothing."""
    may = may or known()
    widened = Known(
        [*may.units, *data["units"]], [*may.metrics, *(code for code in data["metrics"] if code not in may.metrics)],
        [*may.roles, *data["roles"]], [*may.flows, data["flow"]], may.names,
    )  # fmt: skip
    return read(data, widened)


def _asks_for_the_end(body: Body) -> bool:
    names = body.condition.names() if body.condition else set()
    return body.basis.value == "landing" or bool(names & {"landing", "landing_chance"})


def standings(on: date, at: datetime) -> list[Standing]:
    """Every rule ever published or drafted, by code."""
    force = {version.code: version for version in in_force(on, at)}
    newest = {v.code: v for v in RuleVersion.objects.order_by("code", "number")}
    drafts = {draft.code: draft for draft in RuleDraft.objects.order_by("code")}
    codes: Sequence[str] = sorted({*newest, *drafts})
    return [Standing(code, force.get(code), newest.get(code), drafts.get(code)) for code in codes]


def standing_of(code: str, on: date, at: datetime) -> Standing | None:
    return next((one for one in standings(on, at) if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Opening:
    """Which flow a light opens, and how long after one was closed none is opened again."""

    flow: str
    cool_down: timedelta


def opening(policy: dict[str, Any], rule: int | None, light: str) -> Opening | None:
    """What an official light of this colour opens by the rule that judged it; without a rule the shipped flow."""
    said = rule_of(policy, rule)
    shipped: dict[str, Any] = {"flow": DEFAULT_FLOW, "flow_lights": LIT, "cool_down_days": 0}
    body = said["body"] if said else shipped
    opens = body["flow"] and light in body["flow_lights"]
    return Opening(body["flow"], timedelta(days=body["cool_down_days"])) if opens else None


def told(policy: dict[str, Any], rule: int | None) -> Sequence[str]:
    """Which parties hear of an official yellow or red light by message, by the rule that judged it."""
    said = rule_of(policy, rule)
    return said["body"]["tell"] if said else TOLD


def rule_of(policy: dict[str, Any], rule: int | None) -> dict[str, Any] | None:
    """The version by which a run judged a light, as the run kept it; None for the parameters."""
    if rule is None:
        return None
    return next((one for one in policy.get(RULES, []) if one["id"] == rule), None)
