"""What no unit's sum or nobody's target holds is said on the board, at the unit where it lies."""

from datetime import date

import pytest

from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.actuals.models import Batch, DailyFact
from hangbiao.rooms.calendar.models import FiscalPeriod
from hangbiao.rooms.lights.services import evaluate, project
from hangbiao.rooms.people.models import Territory
from hangbiao.rooms.targets.models import Metric
from tests.world import ACTOR
from tests.world.board import AT, found_many
from tests.world.pages import seen_by, text_of

pytestmark = pytest.mark.django_db
YESTERDAY = date(2026, 11, 25)
SAID, NO_TERRITORY, NO_PERSON = "未归属", "不属于任何片区目标，未计入合计", "不属于任何人的目标"


@pytest.fixture
def company(settings):
    settings.CLOCK = "tests.world.pages.now"
    with acting(system_scope("test")):
        return found_many(regions=2, reps=4)


def booked(wan: int, path: str, *, territory: Territory | None = None) -> None:
    """An amount of sales that names no person."""
    DailyFact.objects.create(
        period=FiscalPeriod.objects.get(code="2026Q4"), metric=Metric.objects.get(code="sales"), day=YESTERDAY,
        territory=territory, org_path=path, value=wan * 1_000_000, batch=Batch.objects.latest("pk"), recorded_at=AT,
    )  # fmt: skip


def lit() -> None:
    with acting(system_scope("test")):
        project(evaluate(as_of=YESTERDAY, at=AT, actor=ACTOR, kind="preview"))


def board(reader: str, query: str = "") -> str:
    return text_of(seen_by(reader, AT).get(f"/board/{query}"))


def test_nothing_is_said_where_everything_is_somebodys(company):
    lit()

    assert SAID not in board("x1")


def test_the_company_reads_how_much_belongs_to_no_territory_and_a_region_does_not(company):
    with acting(system_scope("test")):
        booked(3, "/C/")
    lit()

    assert f"3.0 万元 {NO_TERRITORY}" in board("x1")
    assert f"3.0 万元 {NO_PERSON}" in board("x1")
    assert SAID not in board("x1", "?unit=R0"), "it lies in the company, not there"
    assert SAID not in board("m0"), "nor does the region's manager see the company's"


def test_what_nobody_works_is_said_in_its_region_alone(company):
    with acting(system_scope("test")):
        booked(2, "/C/R0/T00/", territory=Territory.objects.get(code=company.reps[0].replace("P", "A")))
    lit()

    assert NO_PERSON in board("m0")
    assert NO_TERRITORY not in board("m0")
    assert SAID not in board("m1")
