"""A small flow, its people as plain accounts, and an organisation that answers from a table."""

from dataclasses import dataclass, field
from datetime import date

from hangbiao.engines.flows.ports import Filled
from hangbiao.engines.formula import reading

NAMES = reading.catalogue(reading.Name("highest_light", "最高灯", reading.WORD, choices=("yellow", "red")))
BODY = {
    "flow": "test_response", "name": "三方复盘", "due_workdays": 5, "remind_workdays": [3, 5], "escalate": ["next_manager"],
    "cc": ["hrbp"],
    "steps": [
        {"key": "review", "name": "填写", "who": ["employee", "supervisor", "region_manager"], "mode": "all"},
        {"key": "minutes", "name": "纪要", "who": ["supervisor"], "confirm_by": ["employee", "region_manager"]},
        {"key": "director", "name": "会签", "kind": "approve", "who": ["director"], "when": "highest_light = 'red'",
         "due_workdays": 2, "on_reject": "minutes"},
        {"key": "confirm", "name": "确认", "kind": "approve", "who": ["hrbp"], "due_workdays": 2, "on_reject": "minutes"},
    ],
}  # fmt: skip
ROLES = ("employee", "supervisor", "region_manager", "director", "hrbp")


@dataclass
class Table:
    """Who fills what: the same for every subject, but the employee."""

    accounts: dict[str, int]
    employees: dict[int, int] = field(default_factory=dict)
    vacant: set[str] = field(default_factory=set)
    deputies: dict[int, int] = field(default_factory=dict)
    leaves: dict[int, list[date]] = field(default_factory=dict)

    def names(self):
        return ROLES

    def fill(self, roles, subjects, on: date):
        found = {}
        for subject in subjects:
            for role in roles:
                principal = self.employees[subject] if role == "employee" else self.accounts.get(role)
                known = role not in self.vacant and principal is not None
                found[role, subject] = [Filled(self.deputies.get(principal, principal), principal)] if known else []
        return found

    def standing_in(self, on: date):
        return self.deputies

    def away(self, on: date):
        return [subject for subject, days in self.leaves.items() if on in days]

    def rests(self, subjects, since: date):
        return {subject: self.leaves[subject] for subject in subjects if subject in self.leaves}

    def above(self, accounts, on: date):
        up = {self.accounts["supervisor"]: self.accounts["region_manager"],
              self.accounts["region_manager"]: self.accounts["director"]}  # fmt: skip
        return {one: up.get(one, self.accounts["supervisor"]) for one in accounts}
