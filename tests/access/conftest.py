"""The matrix's company, founded once per worker in a database of its own; gone before other tests, whose clock it would turn."""

from collections.abc import Iterator

import pytest

from tests.access.company import SETTINGS, World
from tests.access.probe import Matrix


@pytest.fixture(scope="package")
def world(database_template, django_db_blocker) -> Iterator[World]:
    from django.test import override_settings

    from hangbiao.site import clock, database
    from hangbiao.site.demo.passage import END
    from tests import databases
    from tests.access.company import found
    from tests.conftest import _point_at

    url, template = database_template
    monkey = pytest.MonkeyPatch()
    monkey.setattr(clock, "now", lambda: END)  # where the demo's clock stands at its end and writes no file
    settings = override_settings(**SETTINGS)
    with databases.clone(url, template, "access") as own, django_db_blocker.unblock(), settings:
        _point_at(own.url)
        yield found()
        monkey.undo()
        _point_at(database.named(url, "postgres"))


@pytest.fixture(scope="package")
def matrix(world: World) -> Matrix:
    return Matrix(world, each=1)
