"""The interface keeps its own contract: schemathesis asks every operation as every kind of caller, validly or not (R12).

A sample here; `HANGBIAO_CONTRACT_EXAMPLES` asks for more per operation and caller, as the bench does.
"""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth

from tests.interface.conftest import Company

EXAMPLES = int(os.environ.get("HANGBIAO_CONTRACT_EXAMPLES", "2"))
CALLERS = ["key", "narrow key", "weak key", "p000", "s00", "m1", "x1", "adm", "x9"]


def sent_by(company: Company, who: str) -> dict[str, dict[str, str]]:
    """What the caller sends along: a key, or the cookie of a session."""
    if who.endswith("key"):
        more = {"narrow key": {"paths": ("/C/R1/",)}, "weak key": {"scopes": ("read:board",)}}.get(who, {})
        return {"headers": {"Authorization": f"Bearer {company.key(per_minute=1_000_000, **more)}"}}
    return {"cookies": {"sessionid": company.signed_in(who).cookies["sessionid"].value}}


@pytest.fixture(scope="module")
def schema(company):
    """What the document promises, with the house behind it."""
    from django.core.wsgi import get_wsgi_application
    from django.utils import translation

    from hangbiao.engines.api.description import openapi_of
    from hangbiao.site.api import api

    with translation.override("en"):
        document = openapi_of(api)
    found = schemathesis.openapi.from_dict(document)
    found.app = get_wsgi_application()
    return found


@pytest.mark.parametrize("who", CALLERS)
def test_every_operation_answers_as_documented(company, schema, who):
    sent = sent_by(company, who)
    asked = set()

    for result in schema.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _ask(result.ok(), mode, sent, asked)

    assert asked == {result.ok().label for result in schema.get_all_operations()}


def _ask(operation, mode, sent, asked):
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        asked.add(operation.label)
        # that check does not recognise a session's cookie as what was sent
        case.call_and_validate(**sent, excluded_checks=[ignored_auth] if "cookies" in sent else [])

    if mode is GenerationMode.POSITIVE or operation.query or operation.path_parameters or operation.body:
        ask()
