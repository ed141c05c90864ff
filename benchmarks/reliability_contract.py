"""Row R12: schemathesis over the OpenAPI document, every operation as every kind of caller, validly and not."""

import os
from collections import Counter

from benchmarks.machine import say, scratch

SAMPLE, FULL = 3, 30


def needs() -> str:
    try:
        import schemathesis  # noqa: F401
    except ImportError:
        return "schemathesis is missing (./dev test installs it)"
    return ""


def figures(long: bool) -> dict[str, float | None]:
    """So many valid and so many invalid requests per operation and caller, in a database of its own."""
    os.environ["HANGBIAO_HOSTS"] = "testserver,127.0.0.1,localhost"
    count: Counter[str] = Counter()
    with scratch("contract"):
        from hangbiao.site import clock
        from tests.interface import contract
        from tests.interface.conftest import Company, add_integrator
        from tests.world.board import AT, found_many

        company = Company(found_many(regions=3, reps=4).reps)
        add_integrator()
        clock.now = lambda: AT
        schema = contract.promised()
        for who in contract.CALLERS:
            sent = contract.sent_by(company, who)
            told = contract.ask_everything(schema, sent, FULL if long else SAMPLE)
            for finding in sorted(set(told.findings))[:20]:
                say(f"{who}: {finding}")
            say(f"{who}: {len(told.operations)} operations, {dict(told.count)}")
            count += told.count
    return {
        "contract_requests": count["requests"],
        "contract_server_errors": count["server errors"],
        "contract_undocumented": count["UndefinedStatusCode"],
        "contract_other_findings": sum(n for name, n in count.items() if name[0].isupper()) - count["UndefinedStatusCode"],
    }
