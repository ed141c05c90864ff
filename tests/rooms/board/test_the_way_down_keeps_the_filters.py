"""From the company to a person and back: the filters stand in the address, and a link shows the same thing."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.lights.services import evaluate
from tests.world import ACTOR
from tests.world.board import AT, CHECKPOINTS, found_many
from tests.world.pages import seen_by, text_of

pytestmark = pytest.mark.django_db
KEPT = "light=red&sort=name&metric=visits&period=2026Q4"


@pytest.fixture(autouse=True)
def clock(settings):
    settings.CLOCK = "tests.world.pages.now"


@pytest.fixture
def company():
    with acting(system_scope("test")):
        return found_many(regions=3, reps=6)


def links(response, pattern: str) -> list[str]:
    found = [unescape(href) for href in re.findall(r'href="([^"]+)"', response.content.decode())]
    return [href for href in found if re.search(pattern, href)]


def names_in(response) -> list[str]:
    return re.findall(r"data-drawer>([^<]+)</a></th>", response.content.decode())


def asked(address: str) -> set[str]:
    return set(address.partition("?")[2].split("&"))


def follow(reader, at: str, pattern: str):
    """Open the first link of a page that looks like `pattern`."""
    found = links(reader.get(at), pattern)
    assert found, (at, pattern)
    return found[0] if found[0].startswith("/") else "/board/" + found[0]


def test_company_region_team_person_and_every_step_keeps_light_sort_metric_and_period(company):
    reader = seen_by("x1", AT)
    wanted = set(KEPT.split("&"))

    region = follow(reader, f"/board/?{KEPT}", r"unit=R0$")
    team = follow(reader, region, r"unit=T00")
    person = follow(reader, team, r"^/people/P0")
    back = follow(reader, person, r"^/board/.*view=people")

    for step in (region, team, person, back):
        assert wanted - {"period=2026Q4"} <= asked(step), step
    assert "unit=T00" in asked(person)
    assert [r.status_code for r in map(reader.get, (region, team, person, back))] == [200] * 4
    assert "川东一组" in text_of(reader.get(back))


def test_breadcrumbs_lead_up_as_far_as_the_reader_sees(company):
    crumbs = r"<nav class=\"crumbs\".*?</nav>"

    executive = re.search(crumbs, seen_by("x1", AT).get("/board/?unit=T00").content.decode(), re.DOTALL)[0]
    manager = re.search(crumbs, seen_by("m0", AT).get("/board/?unit=T00").content.decode(), re.DOTALL)[0]

    assert re.findall(r">([^<>]+)</(?:a|li)>", executive) == ["演示食品", "川东", "川东一组"]
    assert re.findall(r">([^<>]+)</(?:a|li)>", manager) == ["川东", "川东一组"]


def test_a_foreign_unit_in_the_address_narrows_nothing_and_tells_nothing(company):
    foreign, absent, own = (
        text_of(seen_by("m0", AT).get(f"/board/?unit={unit}")) for unit in ("R1", "NOWHERE", "R0")
    )

    assert foreign == absent
    assert "豫南" not in foreign
    assert "川东" in own


def test_the_same_link_shows_the_same_list_to_two_people_who_may_see_it(company):
    link = "/board/?view=people&unit=R0&light=red&sort=forecast"
    executive, manager = (names_in(seen_by(who, AT).get(link)) for who in ("x1", "m0"))

    assert executive == manager != []


def test_a_province_does_not_widen_a_chosen_team(company):
    said = text_of(seen_by("x1", AT).get("/board/?view=people&unit=T00&province=四川"))

    assert "人员 3" in said
    assert "没有符合条件的人员" in text_of(seen_by("x1", AT).get("/board/?view=people&unit=T00&province=河南"))


def test_a_persons_name_finds_the_region_and_clearing_brings_all_back(company):
    reader = seen_by("x1", AT)
    everybody = names_in(reader.get("/board/?view=people&unit=R1"))

    found = text_of(reader.get(f"/board/?q={everybody[0]}"))

    assert "区域 1 " in found, "the caption counts the rows that fit"
    assert "没有符合条件的单位。 清除筛选" in text_of(reader.get("/board/?q=查无此人"))


def test_a_supervisor_lands_on_the_people_of_the_team_with_what_each_week_must_bring(company):
    reader = seen_by("s00", AT)

    landed = reader.get("/", follow=True)
    said = text_of(landed)

    assert landed.redirect_chain[-1][0] == "/board/?view=people"
    assert "团队看板" in said
    assert "3 人中红灯" in said
    assert "每周需要" in said
    assert "本周客户拜访" in said
    assert re.search(r"\d+ / \d+", said)


def test_a_part_for_htmx_names_the_page_anew_and_is_no_whole_page(company):
    part = seen_by("x1", AT).get("/board/?unit=R0", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert "<title>区域看板" in part
    assert 'id="board-title" hx-swap-oob="true">区域看板' in part


def test_the_weeks_are_read_once_for_an_evaluation_and_anew_for_the_next(company):
    reader = seen_by("x1", AT)
    reader.get("/board/")
    with CaptureQueriesContext(connection) as again:
        reader.get("/board/")
    with acting(system_scope("test")):
        evaluate(as_of=CHECKPOINTS[-1], at=AT.replace(hour=10), actor=ACTOR, kind="preview")
    with CaptureQueriesContext(connection) as anew:
        reader.get("/board/")

    def facts(queries):
        return [q["sql"] for q in queries if "actuals_unitday" in q["sql"]]

    assert facts(again) == []
    assert len(facts(anew)) == 1


def own_queries(reader, address: str) -> list[str]:
    """What the page itself asks: without sign-in, the frame's inbox and notices, which have tests of their own."""
    reader.get(address)
    with CaptureQueriesContext(connection) as asked_for:
        assert reader.get(address).status_code == 200
    rooms = ("lights_", "actuals_", "targets_", "people_unit", "calendar_")
    return [q["sql"][:160] for q in asked_for if q["sql"].partition("FROM")[2].strip().strip('"').startswith(rooms)]


@pytest.mark.parametrize("view", ["", "view=people"])
def test_a_page_of_many_asks_no_more_than_a_page_of_few(company, view):
    reader = seen_by("x1", AT)

    region, whole = (own_queries(reader, f"/board/?{view}&unit={unit}") for unit in ("R0", ""))

    assert len(whole) <= len(region) <= 20, region


@pytest.mark.parametrize("who", ["x1", "m0", "s00", "p000"])
def test_a_persons_page_takes_few_queries(company, who):
    found = own_queries(seen_by(who, AT), "/people/P000/")

    assert len(found) <= 24, found  # the inbox counts what waits, on every page


def test_fifty_six_regions_come_in_pages_and_the_page_stays_light():
    with acting(system_scope("test")):
        found_many(regions=56, reps=8)
    reader = seen_by("x1", AT)

    first, second = (reader.get(f"/board/?page={n}").content.decode() for n in (1, 2))

    assert first.count('<th scope="row">') == 50
    assert second.count('<th scope="row">') == 6
    assert "第 1–50 条，共 56 条" in first
    assert 'class="mix"' in first, "four hundred lamps would be too many: a bar of parts instead"
    assert 'class="units"' in second, "few rows have room for a lamp each"
    for page in (first, second, reader.get("/board/?view=people").content.decode()):
        bare = re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)
        assert len(re.findall(r"<[a-z]", bare)) <= 2_500
    assert len(own_queries(reader, "/board/?page=1")) <= 15
