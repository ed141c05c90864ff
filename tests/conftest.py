"""What every test may ask for: a database that rolls back, one of its own, fixed instants, a scope.

`db` (pytest-django)   the worker's clone, as the application's role, rolled back after the test
`own_database`         a fresh clone, for tests that commit, kill, or use several connections or processes
`at`, `later`, `on`    fixed instants and a day
`everything`           acts in a scope that sees everything

The server is an embedded PostgreSQL under HANGBIAO_HOME (or .local), or the one of DATABASE_URL if that is set.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

if TYPE_CHECKING:  # imported late: Django's settings are not there yet
    from tests.databases import OwnDatabase

REPOSITORY = Path(__file__).parents[1]
# Read once and handed on to xdist's workers, who find the two variables below already changed.
_SERVER = os.environ.setdefault(
    "HANGBIAO_TEST_SERVER",
    os.environ.get("DATABASE_URL")
    or str(Path(os.environ.get("HANGBIAO_HOME", REPOSITORY / ".local")) / "pg-test"),
)
_STATE = Path(tempfile.mkdtemp(prefix="hangbiao-test-"))
_NUMBERS = itertools.count(1)

# Before Django reads its settings: files land in a folder of this run, and no test reaches a real installation.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hangbiao.site.settings")
os.environ.update(HANGBIAO_HOME=str(_STATE), HANGBIAO_SECRET_KEY="only for tests", HANGBIAO_DEMO="0")
os.environ["DATABASE_URL"] = "postgresql:///not-yet-known"


def pytest_configure() -> None:
    """Load Django only now: pytest-django would do it before the environment above is set."""
    import django
    from django.conf import settings

    django.setup()
    # A worker of xdist inherits the settings' module and so reads it before the lines above: without this, all workers
    # would land files in the first one's folder.
    settings.LANDING = _STATE / "landed"
    settings.EVIDENCE = _STATE / "evidence"


def pytest_unconfigure() -> None:
    shutil.rmtree(_STATE, ignore_errors=True)


def _point_at(url: str) -> None:
    """Turn Django's two connections, and those of threads and processes still to come, to another database."""
    from django.db import connections

    from hangbiao.site.database import parts

    for alias in ("default", "owner"):
        connections[alias].close()
        connections.settings[alias].update(parts(url))
        connections[alias].settings_dict.update(parts(url))
    os.environ["DATABASE_URL"] = url


@pytest.fixture(scope="session")
def database_template(
    django_test_environment: None, django_db_blocker: pytest.FixtureRequest
) -> tuple[str, str]:
    """The server's address and the name of the migrated template."""
    from django.core.management import call_command

    from hangbiao.site import database
    from tests import databases

    def migrate(name: str) -> None:
        with django_db_blocker.unblock():
            _point_at(database.named(url, name))
            call_command("migrate", database="owner", verbosity=0, interactive=False)
            _point_at(database.named(url, "postgres"))

    url = databases.server(_SERVER)
    return url, databases.template(url, migrate)


@pytest.fixture(scope="session")
def django_db_setup(
    database_template: tuple[str, str], django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    """In place of pytest-django's own: this worker's clone."""
    from hangbiao.site import database
    from tests import databases

    url, template = database_template
    with databases.clone(url, template, "shared") as shared:
        with django_db_blocker.unblock():
            _point_at(shared.url)
        yield
        with django_db_blocker.unblock():
            _point_at(database.named(url, "postgres"))


@pytest.fixture
def own_database(
    database_template: tuple[str, str], django_db_blocker: pytest.FixtureRequest
) -> Iterator["OwnDatabase"]:
    """A fresh clone; Django's connections (default and owner) and DATABASE_URL point at it while the test runs."""
    from tests import databases

    url, template = database_template
    before = os.environ["DATABASE_URL"]
    with databases.clone(url, template, f"own{next(_NUMBERS)}") as own, django_db_blocker.unblock():
        _point_at(own.url)
        try:
            yield own
        finally:
            _point_at(before)


@pytest.fixture
def at() -> datetime:
    """Thursday 26 November 2026, 09:00 in Shanghai: the day after the fourth checkpoint."""
    return datetime(2026, 11, 26, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def later(at: datetime) -> datetime:
    return at + timedelta(days=1)


@pytest.fixture
def on(at: datetime) -> date:
    return at.date()


@pytest.fixture
def everything() -> Iterator[None]:
    """Act as a command or a job does: everything in sight, for a reason."""
    from hangbiao.engines.scope.context import acting, system_scope

    with acting(system_scope("test")):
        yield
