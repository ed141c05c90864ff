"""A lit company behind the interface, in a database of its own for a whole module; keys and sessions to ask with."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.world import ACTOR
from tests.world.board import AT, found_many

EVERYTHING = (
    "read:board", "read:lights", "read:targets", "read:people", "read:batches", "read:tasks", "push:actuals",
)  # fmt: skip


@dataclass
class Company:
    """Who is there, and a client for each of them."""

    reps: list[str]
    clients: dict[str, Any] = field(default_factory=dict)

    def key(self, *, paths=("/C/",), scopes=EVERYTHING, **more) -> str:
        """A fresh key of the integrator; gives its secret."""
        from hangbiao.engines.accounts.models import Account
        from hangbiao.engines.api.services import make_key

        who = {"owner": Account.objects.get(username="x9"), "actor": Account.objects.get(username="adm"), "at": AT}
        given = {"name": "BI", "scopes": scopes, "paths": paths, "reason": "报表", **who, **more}
        return make_key(**given)[1]

    def signed_in(self, username: str, **how):
        """A browser that this person is signed in with."""
        from django.test import Client

        from hangbiao.engines.accounts.models import Account
        from tests.world.signed_in import sign_in

        client = Client(raise_request_exception=False, **how)
        return sign_in(client, Account.objects.get(username=username))


class Program:
    """What an integrator's program does: JSON with a key."""

    def __init__(self, secret: str) -> None:
        from django.test import Client

        self.client = Client(raise_request_exception=False)
        self.headers = {"authorization": f"Bearer {secret}"}

    def get(self, path: str, **asked):
        return self.client.get(f"/api/v1{path}", asked, headers=self.headers)

    def post(self, path: str, body: Any, **headers):
        said = {k.replace("_", "-"): v for k, v in headers.items()}
        text = json.dumps(body, ensure_ascii=False)
        return self.client.post(
            f"/api/v1{path}", text, content_type="application/json", headers=self.headers | said
        )

    def every(self, path: str, **asked) -> list[dict]:
        """All pages of a list."""
        rows: list[dict] = []
        following = ""
        while True:
            said = self.get(path, cursor=following, **asked).json()
            rows += said["items"]
            following = said["next"]
            if not following:
                return rows


def point_at(url: str) -> None:
    from django.db import connections

    from hangbiao.site.database import parts

    for alias in ("default", "owner"):
        connections[alias].close()
        connections.settings[alias].update(parts(url))
        connections[alias].settings_dict.update(parts(url))
    os.environ["DATABASE_URL"] = url


@pytest.fixture(scope="module")
def company(database_template, django_db_blocker) -> Iterator[Company]:
    """Three regions of four reps on 26 November 2026, with an integrator (x9) and an administrator (adm)."""
    from django.test import override_settings

    from hangbiao.engines.scope.context import acting, system_scope
    from tests import databases

    template_url, template = database_template
    before = os.environ["DATABASE_URL"]
    settings = override_settings(CLOCK="tests.world.board.now", ALLOWED_HOSTS=["testserver", "127.0.0.1", "localhost"])
    with databases.clone(template_url, template, "interface") as own, django_db_blocker.unblock(), settings:
        point_at(own.url)
        try:
            with acting(system_scope("test")):
                many = found_many(regions=3, reps=4)
                add_integrator()
            yield Company(many.reps)
        finally:
            point_at(before)


def add_integrator() -> None:
    from datetime import date

    from hangbiao.rooms.people.rows import PersonRow
    from hangbiao.rooms.people.services import upsert_people

    row = PersonRow("X9", "接口账号", "integrator", "C", valid_from=date(2026, 1, 1), username="x9")
    assert upsert_people([row], at=AT, actor=ACTOR) == []


@pytest.fixture
def program(company) -> Program:
    """A program that may do everything everywhere."""
    return Program(company.key())
