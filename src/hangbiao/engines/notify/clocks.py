"""The two clocks of the messages, named in settings: the company's says whether it is quiet, the wall's when to try again."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.module_loading import import_string


def now() -> datetime:
    """The company's instant."""
    found: datetime = import_string(settings.CLOCK)()
    return found


def wall() -> datetime:
    """What vendors and networks go by."""
    found: datetime = import_string(settings.WALL_CLOCK)()
    return found


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
