"""How many questions a page may put to the database: seen for the first time, and again a moment later."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.scope.context import acting, system_scope
from tests.world.board import found_many
from tests.world.signed_in import client_of, without_second_step

# Reader → page → the most on the first view, and on a later one. Whoever must raise a number says why beside it.
# A first view counts what waits: two questions of it are about reviews. A board asks whether the background lives,
# notices what became of the messages about them.
MOST = {
    "x1": {
        "/board/": (33, 16), "/board/?view=people": (33, 22), "/people/P000/": (33, 22), "/people/P000/why/": (29, 21),
        "/units/R0/why/": (26, 18), "/inbox/": (18, 17), "/search/?q=P0": (16, 8), "/notifications/": (15, 7),
        "/profile/": (14, 6), "/account/": (15, 7),
    },
    "m0": {"/board/": (33, 17), "/board/?view=people": (33, 23), "/people/P000/": (33, 22), "/inbox/": (18, 17)},
    "s00": {"/board/?view=people": (41, 23), "/inbox/": (18, 17)},
    "p001": {"/me/": (40, 22), "/people/P001/why/": (29, 21), "/inbox/": (18, 17), "/profile/": (14, 6)},
    # What waits for an administrator includes whether the background lives and keeps its hours: five questions.
    "adm": {
        "/imports/": (33, 17), "/imports/batches/": (25, 11), "/imports/suspects/": (21, 9), "/imports/mappings/": (21, 7),
        "/accounts/": (25, 12), "/inbox/": (23, 22), "/admin/keys/": (25, 11), "/admin/webhooks/": (23, 9),
        "/admin/errors/": (21, 7), "/studio/schedule/": (36, 25), "/studio/rules/": (24, 12),
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
