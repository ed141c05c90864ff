"""A vacant territory keeps its target and has somebody who answers for it; names are read in the reader's language."""

from datetime import date, datetime

import pytest
from django.utils import translation

from hangbiao.rooms.lights.models import UnitLight
from hangbiao.rooms.lights.selectors import lamp_rows
from hangbiao.rooms.lights.services import evaluate
from hangbiao.rooms.people import selectors
from hangbiao.rooms.people import services as people
from hangbiao.rooms.people.rows import AssignmentRow, PersonRow, TerritoryRow
from tests.world import ACTOR, NEW_YEAR, SHANGHAI, found_company, sell
from tests.world.pages import seen_by, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
WHO = {"at": NEW_YEAR, "actor": ACTOR}
LAST = date(2025, 11, 7)
DAY = date(2025, 11, 11)
NOON = datetime(2025, 11, 12, 12, tzinfo=SHANGHAI)


def leave_t1_vacant() -> None:
    people.upsert_assignments([AssignmentRow("T1", "li.wei", date(2025, 1, 1), LAST)], **WHO)


def who_answers(on: date, *paths: str) -> dict[str, str]:
    return {v.territory.code: v.owner for v in selectors.vacancies(paths or ("/C/",), on)}


def test_nothing_is_vacant_while_somebody_works_it_and_the_supervisor_answers_from_the_day_after():
    found_company()
    leave_t1_vacant()

    assert who_answers(LAST) == {}
    assert who_answers(date(2025, 11, 8)) == {"T1": "赵敏"}
    assert who_answers(date(2025, 11, 8), "/C/R2/") == {}


def test_a_named_owner_answers_before_the_supervisor():
    found_company()
    leave_t1_vacant()

    people.upsert_territories([TerritoryRow("T1", "T-A", vacancy_owner="wang.fang")], **WHO)

    (vacancy,) = selectors.vacancies(["/C/"], DAY)
    assert (vacancy.owner, vacancy.named) == ("王芳", True)


def test_without_a_supervisor_the_region_manager_answers_and_then_nobody():
    found_company()
    leave_t1_vacant()
    last = date(2025, 10, 31)
    people.upsert_people([PersonRow("zhao.min", "赵敏", "supervisor", "T-A", valid_to=last)], **WHO)
    assert who_answers(DAY) == {"T1": "陈刚"}

    people.upsert_people([PersonRow("chen.gang", "陈刚", "region_manager", "R1", valid_to=last)], **WHO)

    assert who_answers(DAY) == {"T1": ""}


def test_a_vacant_territory_still_counts_in_its_region():
    company = found_company()
    leave_t1_vacant()
    sell(DAY, "10", territory="T2", person="wang.fang")

    run = evaluate(as_of=DAY, at=NOON, actor=ACTOR, kind="preview")

    region = UnitLight.objects.get(run=run, org_path="/C/R1/", metric=company.metrics["sales"])
    assert region.base == 200_000_000


def test_the_board_says_which_territories_are_vacant_and_who_answers(settings):
    settings.CLOCK = "tests.world.pages.now"
    found_company()
    leave_t1_vacant()
    sell(DAY, "10", territory="T2", person="wang.fang")
    evaluate(as_of=DAY, at=NOON, actor=ACTOR, kind="preview")

    mine = text_of(seen_by("chen.gang", NOON).get("/board/"))
    others = text_of(seen_by("he.yu", NOON).get("/board/"))

    assert "空缺片区：1 T1 · 赵敏 负责" in mine
    assert "空缺片区" not in others


def test_managers_and_lamps_carry_the_readers_names():
    company = found_company()
    people.upsert_people(
        [
            PersonRow("chen.gang", "陈刚", "region_manager", "R1", name_en="Chen Gang"),
            PersonRow("li.wei", "李伟", "rep", "T-A", name_en="Li Wei"),
        ],
        **WHO,
    )
    sell(DAY, "10")
    run = evaluate(as_of=DAY, at=NOON, actor=ACTOR, kind="preview")

    def names() -> tuple[str, set[str]]:
        lamps = {row[3] for row in lamp_rows(run.pk, company.metrics["sales"], ["/C/R1/"])}
        return selectors.managers_on(DAY)["/C/R1/"], lamps

    with translation.override("zh-hans"):
        assert names() == ("陈刚", {"李伟", "王芳"})
    with translation.override("en"):
        assert names() == ("Chen Gang", {"Li Wei", "王芳"}), "who has no English name keeps the Chinese one"
