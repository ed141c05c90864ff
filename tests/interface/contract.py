"""Asking every operation, validly or not, and counting what was not as documented (R12). Of the suite and of the bench."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import ignored_auth

CALLERS = ["key", "narrow key", "weak key", "p000", "s00", "m1", "x1", "adm", "x9"]
FAULT = 500


@dataclass
class Told:
    """What the answers said: how many, of which the server broke, or said something the document does not know."""

    operations: set[str] = field(default_factory=set)
    count: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    def note(self, label: str, failure: Failure) -> None:
        """One answer that is not as documented."""
        self.count[type(failure).__name__] += 1
        self.findings.append(f"{label}: {type(failure).__name__}: {failure}")


def promised() -> Any:
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


def sent_by(company: Any, who: str) -> dict[str, dict[str, str]]:
    """What the caller sends along: a key, or the cookie of a session."""
    if who.endswith("key"):
        more = {"narrow key": {"paths": ("/C/R1/",)}, "weak key": {"scopes": ("read:board",)}}.get(who, {})
        return {"headers": {"Authorization": f"Bearer {company.key(per_minute=1_000_000, **more)}"}}
    return {"cookies": {"sessionid": company.signed_in(who).cookies["sessionid"].value}}


def ask_everything(schema: Any, sent: dict[str, dict[str, str]], examples: int) -> Told:
    """Every operation, each with so many valid and so many invalid requests."""
    told = Told()
    for result in schema.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            operation = result.ok()
            if mode is GenerationMode.POSITIVE or operation.query or operation.path_parameters or operation.body:
                _ask(operation, mode, sent, examples, told)
    return told


def _ask(operation: Any, mode: Any, sent: dict[str, dict[str, str]], examples: int, told: Told) -> None:
    # that check does not recognise a session's cookie as what was sent
    without = [ignored_auth] if "cookies" in sent else []

    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        answer = case.call(**sent)
        told.operations.add(operation.label)
        told.count["requests"] += 1
        told.count["server errors"] += answer.status_code >= FAULT
        try:
            case.validate_response(answer, excluded_checks=without, headers=sent.get("headers"), transport_kwargs=sent)
        except FailureGroup as several:
            for failure in several.exceptions:
                told.note(operation.label, failure)
        except Failure as one:
            told.note(operation.label, one)

    ask()
