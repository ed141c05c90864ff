"""A streamed answer is read after the middleware has returned, and still in its reader's scope and language only."""

from types import SimpleNamespace

import pytest
from django.http import StreamingHttpResponse
from django.utils.translation import get_language, override

from hangbiao.engines.accounts.services import open_account
from hangbiao.engines.scope.context import current
from hangbiao.site.middleware import scope_of_the_viewer

pytestmark = pytest.mark.django_db


def test_every_step_of_a_download_acts_as_its_reader(at):
    seen = []

    def lines():
        for number in range(2):
            scope = current()
            seen.append((scope.reason if scope else None, get_language()))
            yield str(number).encode()

    request = SimpleNamespace(at=at, wall=at, user=open_account(username="a", name="甲", at=at, actor="test"))
    with override("en"):
        response = scope_of_the_viewer(lambda _request: StreamingHttpResponse(lines()))(request)

    assert current() is None
    assert b"".join(response) == b"01"
    assert seen == [("account without a person", "en")] * 2
    assert current() is None
