"""How many questions a page may put to the database: seen for the first time, and again a moment later."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.scope.context import acting, system_scope
from tests.world.board import found_many
from tests.world.signed_in import client_of, without_second_step

# Reader → page → the most on the first view, and on a later one. Whoever must raise a number says why beside it.
# A first view counts what waits: two questions of it are about reviews.
MOST = {
    "x1": {
        "/board/": (32, 15), "/board/?view=people": (32, 21), "/people/P000/": (32, 21), "/people/P000/why/": (28, 20),
        "/units/R0/why/": (25, 17), "/inbox/": (18, 17), "/search/?q=P0": (16, 8), "/notifications/": (14, 6),
        "/profile/": (14, 6), "/account/": (15, 7),
    },
    "m0": {"/board/": (32, 16), "/board/?view=people": (32, 22), "/people/P000/": (32, 21), "/inbox/": (18, 17)},
    "s00": {"/board/?view=people": (40, 22), "/inbox/": (18, 17)},
    "p001": {"/me/": (39, 21), "/people/P001/why/": (28, 20), "/inbox/": (18, 17), "/profile/": (14, 6)},
    "adm": {
        "/imports/": (28, 17), "/imports/batches/": (20, 11), "/imports/suspects/": (16, 9), "/imports/mappings/": (16, 7),
        "/accounts/": (20, 12), "/inbox/": (18, 17), "/admin/keys/": (20, 11), "/admin/webhooks/": (18, 9),
        "/admin/errors/": (16, 7),
    },
}  # fmt: skip


@pytest.fixture
def company(db, settings):
    settings.CLOCK = "tests.world.board.now"
    with acting(system_scope("test")):
        found_many(regions=3, reps=6)
        without_second_step()


def asked_for(client, page: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200, page
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("who", MOST)
def test_no_page_asks_more_than_it_is_allowed(company, who):
    client, over = client_of(Account.objects.get(username=who)), {}
    for page, (first, later) in MOST[who].items():
        new = asked_for(client, page)
        asked_for(client, page)  # the first view may have changed what waits; this one counts it anew
        again = asked_for(client, page)
        if len(new) > first or len(again) > later:
            over[page] = (len(new), len(again), [statement[:90] for statement in again])

    assert over == {}


def test_a_person_looked_at_before_is_not_written_down_again(company):
    client = client_of(Account.objects.get(username="m0"))

    once, again = asked_for(client, "/people/P000/"), asked_for(client, "/people/P000/")

    assert [len([s for s in asked if s.startswith("INSERT")]) for asked in (once, again)] == [1, 0]
