"""A target beside its actual by the end of a day, as a run's named inputs have them: for both books, without a verdict."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from hangbiao.rooms.lights import sql


class Card(NamedTuple):
    """Amounts in minor units; `plan_num / plan_den` of the base is planned by then. One of person and territory is None."""

    target_id: int
    person_id: int | None
    territory_id: int | None
    org_path: str
    base: int
    stretch: int | None
    actual: int
    plan_num: int
    plan_den: int
    version: int
    metric_id: int

    @property
    def plan(self) -> Fraction:
        return self.base * Fraction(int(self.plan_num), int(self.plan_den))


def cards_on(facts: Mapping[str, Any], book: str, *, metric: int | None = None, on: date | None = None) -> list[Card]:
    """The cards of a run (`services.named_inputs`); `on` asks for an earlier day, known as well as the run knew it."""
    asked = dict(facts)
    if metric is not None:
        asked["metrics"] = [metric]
    if on is not None:
        asked["as_of"] = on
    return [Card(*row) for row in sql.cards(asked, book)]
