"""A number of working days or a deadline that only assumes a year's holidays says so, until they are published."""

from datetime import date

import pytest

from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.engines.workdays.selectors import unpublished_year
from hangbiao.engines.workdays.services import change_days
from hangbiao.engines.workdays.sources import DayRow
from hangbiao.rooms.lights.services import evaluate, project
from tests.world import ACTOR
from tests.world.board import AT, found_many
from tests.world.pages import seen_by, text_of

pytestmark = pytest.mark.django_db
YESTERDAY, A_DAY = date(2026, 11, 25), date(2026, 12, 2)
SAID = "2026 假期未公布"
PAGES = [("x1", "/board/"), ("m0", "/people/P000/"), ("p000", "/me/"), ("m0", "/inbox/")]


@pytest.fixture
def company(settings):
    settings.CLOCK = "tests.world.pages.now"
    with acting(system_scope("test")):
        return found_many(regions=1, reps=4)


def notice(*, published: bool) -> None:
    """Say of 2 December, a day inside period, deadline and week counts, whether its notice is there."""
    with acting(system_scope("test")):
        day = DayRow(A_DAY, is_work=True, source="test", provisional=not published)
        change_days([day], at=AT, actor=ACTOR, reason="test")
        project(evaluate(as_of=YESTERDAY, at=AT, actor=ACTOR, kind="preview"))


def test_the_year_is_that_of_the_first_assumed_day(db):
    assert unpublished_year(date(2026, 12, 28), date(2026, 12, 31)) is None
    assert unpublished_year(date(2026, 12, 28), date(2027, 1, 5)) == 2027
    assert unpublished_year(date(2027, 1, 5), date(2026, 12, 28)) is None


@pytest.mark.parametrize(("reader", "address"), PAGES)
def test_pages_say_that_holidays_are_assumed_and_fall_silent_when_the_notice_is_there(company, reader, address):
    notice(published=False)
    before = text_of(seen_by(reader, AT).get(address))
    notice(published=True)
    after = text_of(seen_by(reader, AT).get(address))

    assert SAID in before
    assert "假期未公布" not in after


def test_a_due_day_before_the_assumed_ones_says_nothing(company):
    with acting(system_scope("test")):
        change_days([DayRow(date(2026, 12, 28), is_work=True, provisional=True)], at=AT, actor=ACTOR, reason="test")

    assert "假期未公布" not in text_of(seen_by("m0", AT).get("/inbox/"))
