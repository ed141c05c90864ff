"""A test that cannot fail proves nothing: pages with planted mistakes, each of which the matrix must name."""

import pytest
from django.test import override_settings
from django.urls import include, path

from tests.access import leaky
from tests.access.probe import Matrix, hanging_on_others
from tests.access.routes import Route, routes

urlpatterns = [path("api/", include("tests.access.leaky")), path("unsaid/", lambda request: None)]
FOUND = {
    "forgets_to_ask": "tells 雀",
    "forbids": "answers 403 instead of 404",
    "explains": "answers otherwise than about somebody who does not exist",
    "exports_all": "tells 雀",
    "exports_a_workbook": "tells 雀",
    "open_to_strangers": "answers a stranger with 200",
    "writes_before_it_asks": "writes 1 rows for somebody not entitled",
    "broken": "nobody entitled finds what was planted",
}


@pytest.fixture
def fresh(world):
    with override_settings(ROOT_URLCONF="tests.access.leaky"):
        yield Matrix(world, each=1)


@pytest.mark.parametrize("mistake", FOUND)
def test_a_probe_names_the_mistake(fresh, mistake):
    row = leaky.ROWS[mistake]
    row = row if mistake != "open_to_strangers" else type(row)(**vars(row) | {"public": False})

    findings = fresh.run(row).findings

    assert any(FOUND[mistake] in finding for finding in findings), findings


def test_refusals_of_a_page_that_answers_nobody_are_not_counted(fresh):
    assert sum(fresh.run(leaky.ROWS["broken"]).probes.values()) == 0


@pytest.mark.parametrize("mistake", ["counts_all", "sums_the_mean"])
def test_a_number_that_holds_what_others_have_is_noticed_when_the_others_are_gone(fresh, world, mistake):
    viewer = next(v for v in world.viewers if v.key == "region manager 0")
    executive = next(v for v in world.viewers if v.key == "executive")
    row = leaky.ROWS[mistake]

    assert fresh.run(row).findings == [], "no single answer shows it"
    assert len(hanging_on_others(fresh, [row], viewer)[1]) == 1
    assert hanging_on_others(fresh, [row], executive)[1] == [], "nothing is hidden from the executive"


def test_routes_are_found_below_an_include_and_a_view_that_takes_everything_is_noticed():
    found = routes("tests.access.test_the_matrix_finds_mistakes")

    assert Route("api/writes_before_it_asks/<str:code>/", "POST") in found
    assert Route("api/counts_all/", "GET") in found
    assert Route("unsaid/", "*") in found


def test_routes_of_an_api_come_with_the_methods_of_its_operations():
    from ninja import NinjaAPI

    from tests.access.routes import _walk

    api = NinjaAPI(urls_namespace="only for this test")
    api.get("/boards/{code}")(lambda request, code: {})
    api.post("/boards/{code}")(lambda request, code: {})

    found = set(_walk([path("api/", api.urls)], ""))

    assert {Route("api/boards/<code>", "GET"), Route("api/boards/<code>", "POST")} <= found
    assert Route("api/openapi.json", "GET") in found
