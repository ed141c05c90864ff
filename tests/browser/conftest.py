"""A running house and a browser in front of it: Chromium by HANGBIAO_CHROME or from the path, else Playwright's own."""

import os
import shutil
import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.world.browser import PASSWORD

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WALKERS = ("x1", "m0", "m1", "h0", "s00", "p001", "adm", "aud", "int")


def _point_at(url: str) -> None:
    from django.db import connections

    from hangbiao.site.database import parts

    for alias in ("default", "owner"):
        connections[alias].close()
        connections.settings[alias].update(parts(url))
        connections[alias].settings_dict.update(parts(url))
    os.environ["DATABASE_URL"] = url


@pytest.fixture(scope="module")
def house(request, database_template, django_db_blocker) -> Iterator[str]:
    """The address of a house of three regions with six reps each, served on a free port.

    A test module may furnish its own: `furnish()`, the `WALKERS` who sign in, and its `CLOCK`.
    """
    from django.core.wsgi import get_wsgi_application
    from django.test import override_settings
    from waitress.server import create_server

    from tests import databases

    template_url, template = database_template
    before = os.environ["DATABASE_URL"]
    clock = getattr(request.module, "CLOCK", "tests.world.board.now")
    settings = override_settings(CLOCK=clock, ALLOWED_HOSTS=["127.0.0.1"])
    with databases.clone(template_url, template, "browser") as own, django_db_blocker.unblock(), settings:
        _point_at(own.url)
        _furnish(getattr(request.module, "furnish", _three_regions), getattr(request.module, "WALKERS", WALKERS))
        server = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=4)
        running = threading.Thread(target=server.run, daemon=True)
        running.start()
        try:
            yield f"http://127.0.0.1:{server.effective_port}"
        finally:
            server.close()
            server.task_dispatcher.shutdown()
            _point_at(before)


def _furnish(furnish, walkers) -> None:
    from hangbiao.engines.accounts.models import Account
    from hangbiao.engines.accounts.services import set_password
    from hangbiao.engines.scope.context import acting, system_scope
    from tests.world import ACTOR
    from tests.world.board import BEGIN
    from tests.world.signed_in import without_second_step

    with acting(system_scope("test")):
        furnish()
        without_second_step()
        for name in walkers:
            set_password(account=Account.objects.get(username=name), password=PASSWORD, at=BEGIN, actor=ACTOR)


def _three_regions() -> None:
    from tests.world.board import found_many

    found_many(regions=3, reps=6, then=_onlookers)


def _onlookers(who: dict[str, Any]) -> None:
    """An auditor and an integrator, who see no results."""
    from hangbiao.rooms.people import services
    from hangbiao.rooms.people.rows import PersonRow

    seats = (("AUD", "史审", "auditor"), ("INT", "接口", "integrator"))
    rows = [
        PersonRow(code, name, role, "C", valid_from=date(2026, 1, 1), username=code.lower()) for code, name, role in seats
    ]
    assert services.upsert_people(rows, **who) == []


@pytest.fixture(scope="module")
def chromium(house):  # after the house: while Playwright runs, Django refuses this thread
    from playwright.sync_api import Error, sync_playwright

    found = os.environ.get("HANGBIAO_CHROME") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        except Error as missing:
            pytest.skip(f"no browser: {str(missing).splitlines()[0]}")
        yield browser
        browser.close()


class Walk:
    """One person's browser. Whatever it complains about, or asks of another host, is a finding."""

    def __init__(self, browser, house: str, *, phone: bool = False, scheme: str = "light") -> None:
        size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
        self.house, self.password = house, PASSWORD
        self.context = browser.new_context(viewport=size, is_mobile=phone, has_touch=phone, color_scheme=scheme)
        self.page = self.context.new_page()
        self.findings: list[str] = []
        self.page.on("console", lambda m: m.type in {"error", "warning"} and self.findings.append(m.text))
        self.page.on("pageerror", lambda e: self.findings.append(str(e)))
        self.page.on("request", lambda r: r.url.startswith(house) or self.findings.append(f"asks {r.url}"))

    def sign_in(self, username: str) -> None:
        self.page.goto(f"{self.house}/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main form[action='/sign-in/'] button")
        self.page.wait_for_load_state("networkidle")

    def sideways(self) -> int:
        """How many pixels the page is wider than the window."""
        # innerWidth grows with the page on a phone, which zooms out; clientWidth does not
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.fixture
def walk(chromium, house):
    """walk(phone=True) opens a browser; at the end it must have found nothing to complain about."""
    walks: list[Walk] = []

    def begin(**how) -> Walk:
        walks.append(Walk(chromium, house, **how))
        return walks[-1]

    yield begin
    findings = [finding for one in walks for finding in one.findings]
    for one in walks:
        one.context.close()
    assert findings == []
