"""Rows as they come from a file, for the people room. In a mapping `from` and `to` are `valid_from` and `valid_to`."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """One row that a business rule refused. `index` counts the rows as handed in, from 0."""

    index: int
    column: str
    value: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    unit: str
    name: str
    kind: str
    name_en: str = ""
    parent: str = ""
    province: str = ""
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class PersonRow:
    person: str
    name: str
    role: str
    unit: str = ""
    name_en: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    joined: date | None = None
    left: date | None = None
    username: str = ""
    mail: str = ""
    wecom: str = ""
    dingtalk: str = ""
    feishu: str = ""
    oidc: str = ""

    @property
    def directory_ids(self) -> dict[str, str]:
        """Directory → how it names the person; only what the file says."""
        named = {"wecom": self.wecom, "dingtalk": self.dingtalk, "feishu": self.feishu, "oidc": self.oidc}
        return {directory: value for directory, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class TerritoryRow:
    territory: str
    unit: str
    name: str = ""
    name_en: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    vacancy_owner: str = ""


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    territory: str
    person: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class LeaveRow:
    person: str
    kind: str
    start: date
    end: date
    protected: bool = False
