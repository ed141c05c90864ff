"""The small flow bound to its ports."""

import pytest

from tests.engines.flows.world import NAMES, ROLES, Table


@pytest.fixture
def told(monkeypatch):
    """Every event, in order."""
    seen = []
    monkeypatch.setattr("hangbiao.engines.flows.services.tell", lambda event, **_facts: seen.append(event))
    return seen


@pytest.fixture
def people(db, monkeypatch, everything, told):
    """The table bound to the port, with three employees: subjects 1, 2 and 3."""
    from hangbiao.engines.accounts.models import Account
    from hangbiao.engines.flows import catalogue, ports

    made = {name: Account.objects.create_user(name, name=name).pk for name in (*ROLES[1:], "e1", "e2", "e3", "deputy")}
    table = Table(made, {n: made[f"e{n}"] for n in (1, 2, 3)})
    monkeypatch.setattr(ports, "_roles", [table])
    monkeypatch.setitem(catalogue._names, "test_response", NAMES)
    return table


