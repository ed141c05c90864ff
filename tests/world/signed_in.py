"""A browser in which somebody is signed in, by the real service and without the pages."""

from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.test import Client, RequestFactory
from django.utils.module_loading import import_string


def sign_in(client: Client, account: object, *, at: datetime | None = None, way: str = "password") -> Client:
    """Sign `account` in as `way` does. `at`: when the sitting began, by the wall's clock (now, unless given)."""
    from hangbiao.engines.accounts import services

    request = RequestFactory().get("/", headers={"User-Agent": "Chrome/139 Windows"})
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    wall = at or import_string(settings.WALL_CLOCK)()
    services.begin_session(
        request, account=account, way=way, at=import_string(settings.CLOCK)(), wall=wall
    )
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return client


def client_of(account: object, **how: object) -> Client:
    """A browser of its own."""
    return sign_in(Client(), account, **how)


def without_second_step() -> None:
    """Let no role need a second step, so that people of any role can walk in by password alone."""
    from datetime import date

    from hangbiao.engines.policy.services import set_value
    from tests.world import ACTOR
    from tests.world.board import BEGIN

    set_value(
        key="signin.second_factor_roles", value=[], valid_from=date(2026, 1, 1), source="test", approver="test",
        actor=ACTOR, at=BEGIN,
    )  # fmt: skip
