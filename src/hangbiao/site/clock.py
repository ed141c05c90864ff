"""The one place that asks what time it is. Everything else is told."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hangbiao.site.home import demo_home

ZONE = ZoneInfo(os.environ.get("HANGBIAO_ZONE", "Asia/Shanghai"))


def _demo_file() -> Path:
    return demo_home() / "clock"


def now() -> datetime:
    """The present instant (aware). In the demo company: the instant its clock was set to."""
    if os.environ.get("HANGBIAO_DEMO") and _demo_file().exists():
        return datetime.fromisoformat(_demo_file().read_text().strip())
    return datetime.now(UTC)  # noqa: TID251 - the one clock


def wall() -> datetime:
    """The instant on everybody's own clock, in the demo company too: codes of phones, waits and sessions go by it."""
    return datetime.now(UTC)  # noqa: TID251 - the one clock


def today() -> date:
    """The business day of `now()` in the company's zone."""
    return now().astimezone(ZONE).date()


def set_demo(at: datetime) -> None:
    """Set the demo company's clock. It stands still until it is moved again."""
    _demo_file().parent.mkdir(parents=True, exist_ok=True)
    _demo_file().write_text(at.isoformat())


def next_morning(at: datetime, days: int = 1) -> datetime:
    """09:00 local time, `days` days after `at`."""
    local = at.astimezone(ZONE)
    return (local + timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0)
