"""What browser tests and their house share."""

from datetime import datetime

from tests.world import SHANGHAI

PASSWORD = "航标-walk-42"


def twentieth() -> datetime:
    """20 November 2025, the day after the late line came in (settings.CLOCK)."""
    return datetime(2025, 11, 20, 9, 30, tzinfo=SHANGHAI)
