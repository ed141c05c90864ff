"""A rule as data: read from what a form or a file says, with every mistake at its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from hangbiao.core.errors import BadThresholds
from hangbiao.core.lights import Basis
from hangbiao.core.rulings import Bands, Effect
from hangbiao.engines.formula.errors import BadFormula
from hangbiao.engines.formula.reading import Names
from hangbiao.engines.formula.reading import read as read_formula
from hangbiao.engines.formula.tree import Formula
from hangbiao.rooms.lights.rules.errors import BadRule, RuleFault

LONGEST_NAME, MOST_DAYS, LONGEST_NUMBER = 80, 366, 20
LIT = ("yellow", "red")
PARTIES = ("employee", "supervisor", "region_manager", "hrbp", "sales_director")
DEFAULT_FLOW = "deviation_response"
TOLD = ("employee", "supervisor", "region_manager", "hrbp")


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule may name: units by path, metrics by code (the headline first), roles, flows, and what conditions say."""

    units: Sequence[str]
    metrics: Sequence[str]
    roles: Sequence[str]
    flows: Sequence[str]
    names: Names


@dataclass(frozen=True, slots=True)
class Body:
    """A checked rule. Empty units, metrics or roles mean all. Shares are exact."""

    name: str
    units: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    basis: Basis = Basis.PACE
    bands: Bands = field(default_factory=Bands)
    min_plan_share: Fraction = Fraction(3, 20)
    certainty: Fraction = Fraction(4, 5)
    from_week: int = 4
    condition: Formula | None = None
    effect: Effect = Effect.NARROW
    flow: str = DEFAULT_FLOW
    flow_lights: tuple[str, ...] = LIT
    cool_down_days: int = 0
    tell: tuple[str, ...] = TOLD

    def rank(self) -> tuple[int, bool, bool]:
        """The narrower rule goes first: the deeper unit, then a named metric, then a named role."""
        return (max((unit.count("/") for unit in self.units), default=0), bool(self.metrics), bool(self.roles))

    def opens(self, light: str) -> bool:
        """Whether an official light of this colour opens the flow."""
        return bool(self.flow) and light in self.flow_lights


def as_data(body: Body) -> dict[str, Any]:
    """As it is kept: text, whole numbers and lists, in one spelling."""
    return {
        "name": body.name, "units": list(body.units), "metrics": list(body.metrics), "roles": list(body.roles),
        "basis": body.basis.value, "yellow_below": str(body.bands.yellow_below), "red_below": str(body.bands.red_below),
        "hysteresis": str(body.bands.hysteresis), "min_plan_share": str(body.min_plan_share),
        "certainty": str(body.certainty), "from_week": body.from_week,
        "condition": body.condition.text if body.condition else "", "effect": body.effect.value, "flow": body.flow,
        "flow_lights": list(body.flow_lights), "cool_down_days": body.cool_down_days, "tell": list(body.tell),
    }  # fmt: skip


def read(data: Mapping[str, Any], known: Known) -> Body:
    """The rule that the data say. BadRule names every mistake with its field and, in a condition, its characters."""
    reader = _Reader(data, known)
    body = reader.body()
    if reader.faults:
        raise BadRule(reader.faults)
    return body


@dataclass
class _Reader:
    data: Mapping[str, Any]
    known: Known
    faults: list[RuleFault] = field(default_factory=list)

    def body(self) -> Body:
        """Stand-ins where something is wrong: then `faults` is not empty and nobody sees them."""
        metrics = self.some("metrics", self.known.metrics)
        basis = Basis(self.one("basis", [b.value for b in Basis], Basis.PACE.value))
        body = Body(
            name=self.name(), units=self.some("units", self.known.units), metrics=metrics,
            roles=self.some("roles", self.known.roles), basis=basis, bands=self.bands(),
            min_plan_share=self.share("min_plan_share", Fraction(3, 20)), certainty=self.share("certainty", Fraction(4, 5)),
            from_week=self.whole("from_week", 4, 1, 14), condition=self.condition(),
            effect=Effect(self.one("effect", [e.value for e in Effect], Effect.NARROW.value)),
            flow=self.one("flow", ["", *self.known.flows], DEFAULT_FLOW), flow_lights=self.some("flow_lights", LIT, LIT),
            cool_down_days=self.whole("cool_down_days", 0, 0, MOST_DAYS), tell=self.some("tell", PARTIES, TOLD),
        )  # fmt: skip
        self._together(body)
        return body

    def _together(self, body: Body) -> None:
        """What only shows when two fields are read together."""
        headline = self.known.metrics[0] if self.known.metrics else ""
        if body.basis is Basis.LANDING and body.metrics != (headline,):
            self.wrong("metrics", _("期末预计只算首要指标。请只选它，或换一个依据。"))
        if body.flow and body.metrics and headline not in body.metrics:
            self.wrong("flow", _("流程只由首要指标的灯开启。请加上它，或不开流程。"))
        if body.effect is not Effect.NARROW and body.condition is None and "condition" not in self._named():
            self.wrong("condition", _("选了“条件成立就亮灯”，请写出条件。"))

    def _named(self) -> set[str]:
        return {fault.field for fault in self.faults}

    def wrong(self, name: str, sentence: str, start: int = 0, end: int = 0) -> None:
        self.faults.append(RuleFault(name, sentence, start, end))

    def name(self) -> str:
        said = str(self.data.get("name", "")).strip()
        if not said or len(said) > LONGEST_NAME or "\x00" in said:
            self.wrong("name", _("请给规则起一个名字，最多 %(n)s 个字。") % {"n": LONGEST_NAME})
        return said[:LONGEST_NAME]

    def some(self, name: str, known: Sequence[str], default: Sequence[str] = ()) -> tuple[str, ...]:
        said = self.data.get(name, default)
        if not isinstance(said, list | tuple) or not all(isinstance(one, str) for one in said):
            self.wrong(name, _("这里要一列文字。"))
            return ()
        for unknown in [one for one in said if one not in known]:
            self.wrong(name, _("没有 %(what)s。可以写：%(known)s。") % {"what": unknown[:40], "known": "、".join(known[:20])})
        return tuple(sorted(set(said), key=lambda one: known.index(one) if one in known else 0))

    def one(self, name: str, known: Sequence[str], default: str) -> str:
        said = self.data.get(name, default)
        if said not in known:
            self.wrong(name, _("只能是 %(choices)s 之一。") % {"choices": "、".join(one or "–" for one in known)})
            return default
        return str(said)

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        said = self.data.get(name, default)
        text = str(said).strip()
        if isinstance(said, bool) or not text.isascii() or not text.isdigit() or not least <= int(text[:9]) <= most:
            self.wrong(name, _("请写 %(least)s 到 %(most)s 之间的整数。") % {"least": least, "most": most})
            return default
        return int(text)

    def share(self, name: str, default: Fraction, most: Fraction = Fraction(1)) -> Fraction:
        """`0.7`, `7/10` or `70%`."""
        text = str(self.data.get(name, default)).strip().replace("％", "%")
        try:
            if len(text) > LONGEST_NUMBER or "e" in text.lower() or isinstance(self.data.get(name), bool | float):
                raise ValueError(text)
            number = Fraction(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
        except ZeroDivisionError:
            self.wrong(name, _("分母不能是 0。"))
            return default
        except ValueError:
            self.wrong(name, _("请写一个比例，例如 70%%、0.7 或 7/10。") % {})
            return default
        if not 0 <= number <= most:
            self.wrong(name, _("请写 0%% 到 %(most)s%% 之间的比例。") % {"most": int(most * 100)})
            return default
        return number

    def bands(self) -> Bands:
        yellow = self.share("yellow_below", Fraction(7, 10), Fraction(2))
        red = self.share("red_below", Fraction(1, 2), Fraction(2))
        hysteresis = self.share("hysteresis", Fraction(0), Fraction(1, 5))
        try:
            return Bands(yellow, red, hysteresis)
        except BadThresholds:
            self.wrong("red_below", _("红灯的界限不能高于黄灯的界限。"))
            return Bands()

    def condition(self) -> Formula | None:
        text = self.data.get("condition", "")
        if not isinstance(text, str):
            self.wrong("condition", _("这里要一段文字。"))
            return None
        if not text.strip():
            return None
        try:
            return read_formula(text, self.known.names)
        except BadFormula as bad:
            for fault in bad.faults:
                self.wrong("condition", fault.sentence, fault.start, fault.end)
            return None
