"""The interface keeps its own contract: schemathesis asks every operation as every kind of caller, validly or not (R12).

A sample here; `./dev bench reliability_contract --long` asks more per operation and caller.
"""

import pytest

from tests.interface import contract

EXAMPLES = 1


@pytest.fixture(scope="module")
def schema(company):
    return contract.promised()


@pytest.mark.parametrize("who", contract.CALLERS)
def test_every_operation_answers_as_documented(company, schema, who):
    told = contract.ask_everything(schema, contract.sent_by(company, who), EXAMPLES)

    assert told.findings == []
    assert told.count["server errors"] == 0
    assert told.operations == {result.ok().label for result in schema.get_all_operations()}


def test_an_answer_that_the_document_does_not_know_is_found(company, schema, monkeypatch):
    from django.http import JsonResponse

    from hangbiao.site.api import api

    monkeypatch.setattr(api, "create_response", lambda request, data, *, status=None, **_: JsonResponse({}, status=218))

    told = contract.ask_everything(schema, contract.sent_by(company, "x1"), 1)

    assert told.count["UndefinedStatusCode"] > 0
