from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hangbiao.core.errors import NaiveInstant
from hangbiao.core.quiet import Quiet, not_before
from tests.core.calendars import CHINA

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT, NOON, NEVER = Quiet(time(22), time(8)), Quiet(time(12), time(14)), Quiet(time(8), time(8), rest_days=False)
AN_INSTANT = st.datetimes(datetime(2025, 1, 2), datetime(2027, 10, 1)).map(lambda one: one.replace(tzinfo=SHANGHAI))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("quiet", "when", "right"),
    [
        (NIGHT, "2026-11-26T21:59:59", "2026-11-26T21:59:59"),
        (NIGHT, "2026-11-26T22:00:00", "2026-11-27T08:00:00"),
        (NIGHT, "2026-11-27T07:59:59", "2026-11-27T08:00:00"),
        (NIGHT, "2026-11-27T08:00:00", "2026-11-27T08:00:00"),
        (NIGHT, "2026-09-18T22:00:00", "2026-09-20T08:00:00"),
        (NIGHT, "2026-09-30T22:30:00", "2026-10-08T08:00:00"),
        (NIGHT, "2026-11-28T12:00:00", "2026-11-30T08:00:00"),
        (NOON, "2026-11-26T12:00:00", "2026-11-26T14:00:00"),
        (NOON, "2026-11-28T12:30:00", "2026-11-30T08:00:00"),
        (Quiet(time(22), time(8), rest_days=False), "2026-11-27T23:00:00", "2026-11-28T08:00:00"),
        (NEVER, "2026-10-03T03:00:00", "2026-10-03T03:00:00"),
    ],
)
def test_quiet_time_ends_on_a_working_morning(quiet: Quiet, when: str, right: str) -> None:
    assert not_before(at(when), quiet, CHINA, zone=SHANGHAI) == at(right)


@given(AN_INSTANT, st.times(), st.times(), st.booleans())
def test_what_comes_out_is_later_loud_and_stays(when: datetime, since: time, until: time, rest_days: bool) -> None:
    quiet = Quiet(since, until, rest_days)

    found = not_before(when, quiet, CHINA, zone=SHANGHAI)

    assert found >= when
    assert not_before(found, quiet, CHINA, zone=SHANGHAI) == found
    assert not quiet.holds_at(found.time())


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveInstant):
        not_before(datetime(2026, 11, 26), NIGHT, CHINA, zone=SHANGHAI)
