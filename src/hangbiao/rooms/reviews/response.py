"""The flow `deviation_response`: what its conditions may ask, and the one that is shipped."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from hangbiao.engines.flows import catalogue
from hangbiao.engines.flows import services as flows
from hangbiao.engines.flows.errors import NoSuchFlow
from hangbiao.engines.flows.selectors import newest
from hangbiao.engines.formula import reading

FLOW = "deviation_response"
SHIPPED = Path(__file__).parents[2] / "packs" / "fmcg_sales" / "flows" / f"{FLOW}.json"
LEVELS = {"yellow": 1, "red": 2}


def register() -> None:
    """Make the flow and its facts known (once, when the program starts)."""
    highest = reading.Name("highest_light", _("最高灯"), reading.WORD, choices=tuple(LEVELS))
    catalogue.register(FLOW, reading.catalogue(highest))


def shipped() -> dict[str, Any]:
    """The flow as it comes with the pack."""
    body: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return body


def ensure_published(*, at: datetime, actor: str) -> None:
    """A company that has published none of its own uses the shipped one."""
    try:
        newest(FLOW)
    except NoSuchFlow:
        flows.publish(body=shipped(), at=at, actor=actor)
