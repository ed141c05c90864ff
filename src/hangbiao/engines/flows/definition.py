"""A flow as data, checked with every mistake at its path before anybody can go through it."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from hangbiao.engines.flows.errors import BadDefinition, Fault
from hangbiao.engines.formula.errors import BadFormula
from hangbiao.engines.formula.reading import Names
from hangbiao.engines.formula.reading import read as read_formula
from hangbiao.engines.formula.tree import Formula

KINDS = ("task", "meet", "approve")
MODES = ("all", "any")
ESCALATIONS = ("next_manager",)
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_STEPS, MOST_DAYS = 30, 250


@dataclass(frozen=True, slots=True)
class Step:
    """Who has to do what. `when` empty: always; `due_workdays` None: the step shares the case's deadline."""

    key: str
    name: str
    kind: str
    who: tuple[str, ...]
    mode: str = "all"
    confirm_by: tuple[str, ...] = ()
    when: Formula | None = None
    due_workdays: int | None = None
    on_reject: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A checked definition."""

    key: str
    name: str
    due_workdays: int
    steps: tuple[Step, ...]
    remind_workdays: tuple[int, ...] = ()
    escalate: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()

    def step(self, key: str) -> Step:
        return next(step for step in self.steps if step.key == key)

    def after(self, key: str) -> Sequence[Step]:
        """The steps behind `key`; all of them for an empty one."""
        keys = [step.key for step in self.steps]
        return self.steps[keys.index(key) + 1 :] if key else self.steps


def read(body: Any, *, roles: Collection[str], names: Names) -> Flow:
    """The flow that `body` describes. `roles` are those somebody can fill, `names` what a condition may speak of.

    Raises BadDefinition with every mistake at its path.
    """
    reader = _Reader(roles, names)
    flow = reader.flow(body)
    if reader.faults or flow is None:
        raise BadDefinition(reader.faults)
    return flow


@dataclass
class _Reader:
    roles: Collection[str]
    names: Names
    faults: list[Fault] = field(default_factory=list)

    def flow(self, body: Any) -> Flow | None:
        known = {"flow", "name", "due_workdays", "remind_workdays", "escalate", "cc", "steps"}
        if not self._object(body, "", known):
            return None
        days = self._days(body.get("due_workdays"), "due_workdays")
        remind = tuple(
            self._days(day, f"remind_workdays[{n}]") for n, day in enumerate(self._list(body, "remind_workdays"))
        )
        return Flow(
            key=self._key(body.get("flow"), "flow"), name=self._name(body.get("name"), "name"), due_workdays=days,
            steps=self._steps(self._list(body, "steps")), remind_workdays=tuple(sorted(remind)),
            escalate=self._words(body, "escalate", "", ESCALATIONS, _("不认识这种升级方式。")),
            cc=self._roles(body, "cc", ""),
        )  # fmt: skip

    def _steps(self, rows: Sequence[Any]) -> tuple[Step, ...]:
        if not 0 < len(rows) <= MOST_STEPS:
            self._fault("steps", _("流程要有 1 到 %(most)d 步。") % {"most": MOST_STEPS})
        steps = [step for n, row in enumerate(rows) if (step := self._step(row, f"steps[{n}]"))]
        seen: set[str] = set()
        for n, step in enumerate(steps):
            if step.key in seen:
                self._fault(f"steps[{n}].key", _("这个名称前面已经用过。"))
            if step.on_reject and step.on_reject not in seen:
                self._fault(f"steps[{n}].on_reject", _("退回只能退到前面的一步，否则流程会转圈。"))
            seen.add(step.key)
        if steps and all(step.when for step in steps):
            self._fault("steps", _("每一步都有条件，可能没有人要办。至少留一步没有条件。"))
        return tuple(steps)

    def _step(self, row: Any, path: str) -> Step | None:
        known = {"key", "name", "kind", "who", "mode", "confirm_by", "when", "due_workdays", "on_reject"}
        if not self._object(row, path, known):
            return None
        who = self._roles(row, "who", path)
        if not who:
            self._fault(f"{path}.who", _("这一步没有人办。写明由谁办。"))
        confirm = self._roles(row, "confirm_by", path)
        kind = self._one_of(row.get("kind", "task"), KINDS, f"{path}.kind")
        if kind != "approve" and row.get("on_reject"):
            self._fault(f"{path}.on_reject", _("只有审批的步骤可以退回。"))
        own = row.get("due_workdays")
        return Step(
            key=self._key(row.get("key"), f"{path}.key"), name=self._name(row.get("name"), f"{path}.name"), kind=kind,
            who=who, mode=self._one_of(row.get("mode", "all"), MODES, f"{path}.mode"), confirm_by=confirm,
            when=self._condition(row.get("when", ""), f"{path}.when"),
            due_workdays=None if own is None else self._days(own, f"{path}.due_workdays"),
            on_reject=str(row.get("on_reject", "")),
        )  # fmt: skip

    def _condition(self, text: Any, path: str) -> Formula | None:
        if not text:
            return None
        try:
            return read_formula(str(text), self.names)
        except BadFormula as wrong:
            self._fault(path, wrong.sentence())
            return None

    def _roles(self, row: Mapping[str, Any], key: str, path: str) -> tuple[str, ...]:
        return self._words(row, key, path, tuple(self.roles), _("没有这个角色。可以写：%s。") % "、".join(sorted(self.roles)))

    def _words(
        self, row: Mapping[str, Any], key: str, path: str, allowed: Sequence[str], sentence: str
    ) -> tuple[str, ...]:
        inside = f"{path}.{key}" if path else key
        found = self._list(row, key, inside)
        for n, word in enumerate(found):
            if word not in allowed:
                self._fault(f"{inside}[{n}]", sentence)
            elif word in found[:n]:
                self._fault(f"{inside}[{n}]", _("这里写了两次。"))
        return tuple(str(word) for word in found)

    def _object(self, row: Any, path: str, known: set[str]) -> bool:
        if not isinstance(row, Mapping):
            self._fault(path or "$", _("这里要有名称和值。"))
            return False
        for key in sorted(set(map(str, row)) - known):
            self._fault(f"{path}.{key}" if path else key, _("不认识这一项。"))
        return True

    def _list(self, row: Mapping[str, Any], key: str, path: str = "") -> Sequence[Any]:
        value = row.get(key, [])
        if not isinstance(value, list | tuple):
            self._fault(path or key, _("这里要写一个列表。"))
            return ()
        return value

    def _days(self, value: Any, path: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_DAYS:
            self._fault(path, _("写 1 到 %(most)d 之间的工作日数。") % {"most": MOST_DAYS})
            return 1
        return value

    def _key(self, value: Any, path: str) -> str:
        if not isinstance(value, str) or not KEY.fullmatch(value):
            self._fault(path, _("用小写字母开头，只含小写字母、数字和下划线，最多 40 个。"))
        return str(value)

    def _name(self, value: Any, path: str) -> str:
        if not isinstance(value, str) or not value.strip():
            self._fault(path, _("写一个名称。"))
        return str(value or "")

    def _one_of(self, value: Any, allowed: Sequence[str], path: str) -> str:
        if value not in allowed:
            self._fault(path, _("可以写：%s。") % "、".join(allowed))
            return allowed[0]
        return str(value)

    def _fault(self, path: str, sentence: str) -> None:
        self.faults.append(Fault(path, sentence))


