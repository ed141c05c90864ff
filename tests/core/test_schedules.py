"""When recurring work falls due: borders, the two properties, and three years of clocks that jump."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from hangbiao.core.periods import FiscalCalendar
from hangbiao.core.schedules import Daily, MorningAfter, Occurrence, instant, owed

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
CHECKPOINTS = [date(2025, 10, 14), date(2025, 10, 28), date(2025, 11, 11), date(2025, 11, 25), date(2025, 12, 9)]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JUMPS = [timedelta(0)] * 6 + [HOUR, -HOUR, DAY, -DAY]
plans = st.sampled_from(
    [
        Daily(time(7, 30), SHANGHAI),
        Daily(time(2, 30), BERLIN),
        Daily(time(0), BERLIN),
        MorningAfter(CHECKPOINTS, time(9, 30), SHANGHAI),
        MorningAfter([date(2026, 3, 28), date(2026, 10, 24), date(2028, 2, 28)], time(2, 30), BERLIN),
    ]
)
instants = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))


def test_the_morning_after_a_checkpoint_is_the_companys_own():
    plan = MorningAfter([date(2025, 10, 14)], time(9, 30), SHANGHAI)

    assert plan.next(datetime(2025, 10, 1, tzinfo=UTC)) == Occurrence("2025-10-14", datetime(2025, 10, 15, 1, 30, tzinfo=UTC))
    assert plan.last(datetime(2025, 10, 15, 1, 29, 59, tzinfo=UTC)) is None
    assert plan.last(datetime(2025, 10, 15, 1, 30, tzinfo=UTC)).day == date(2025, 10, 14)


def test_an_hour_that_does_not_exist_and_one_that_comes_twice_are_one_instant_each():
    assert instant(date(2026, 3, 29), time(2, 30), BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert instant(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(plans, instants, instants)
def test_time_moves_a_schedule_forward_and_never_back(plan, one, other):
    early, late = sorted((one, other))

    for ask in (plan.last, plan.next):
        first, then = ask(early), ask(late)
        assert first is None or then is None or first.due <= then.due
    assert plan.last(early) is None or plan.last(early).due <= early
    assert plan.next(early) is None or plan.next(early).due > early
    between = plan.between(early, late)
    assert between == sorted(between, key=lambda o: o.due)
    assert all(early < one.due <= late for one in between)


@given(st.data(), plans, st.booleans())
def test_whenever_the_worker_looks_each_is_done_once_and_in_order(data, plan, each):
    begun = data.draw(instants)
    looks = data.draw(st.lists(st.timedeltas(timedelta(0), timedelta(days=10)), max_size=12))
    done, at = [], begun
    for pause in looks:
        at += pause
        done += [one.key for one in owed(plan, since=begun, at=at, done=set(done), each=each)]

    expected = [one.key for one in plan.between(begun, at)]
    assert len(done) == len(set(done))
    assert done == sorted(done)
    assert done == expected if each else set(done) <= set(expected)
    assert not expected or not looks or each or done[-1] == expected[-1]


def test_three_years_of_jumping_clocks_miss_and_double_no_fortnight():
    calendar, chance = FiscalCalendar(), Random(7)
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
    days, day = [], date(2026, 1, 1)
    while day < date(2029, 1, 1):
        period = calendar.period_of(day)
        days += calendar.checkpoints(period)
        day = calendar.next(period).start
    plan, daily = MorningAfter(days, time(2, 30), BERLIN), Daily(time(2, 30), BERLIN)
    fixed, previewed, at = [], [], start
    while at < end:
        skew = chance.choice(JUMPS) if at < end - timedelta(days=3) else timedelta(0)
        fixed += [one.key for one in owed(plan, since=start, at=at + skew, done=set(fixed), each=True)]
        previewed += [one.key for one in owed(daily, since=start, at=at + skew, done=set(previewed), each=False)]
        at += timedelta(hours=3, minutes=7)

    assert fixed == [one.isoformat() for one in days if instant(one + timedelta(1), time(2, 30), BERLIN) < end]
    assert len(fixed) == 12 * 7 - 1
    previews = [date.fromisoformat(key) for key in previewed]
    assert all(DAY <= later - earlier <= 2 * DAY for earlier, later in pairwise(previews)), "only a leap skips one"
    assert previews[0] == date(2026, 1, 1)
    assert previews[-1] == date(2028, 12, 31)
