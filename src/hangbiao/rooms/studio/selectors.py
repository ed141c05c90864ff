"""What the studio's forms offer."""

from datetime import date

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.accounts.selectors import account_named
from hangbiao.engines.api.selectors import keys
from hangbiao.engines.outbox.selectors import stuck
from hangbiao.engines.pages.numbers import name_of
from hangbiao.rooms.people.roles import Role
from hangbiao.rooms.people.selectors import holders_of, units_under

__all__ = ["account_of", "key_owners", "key_places", "keys", "place_names", "stuck"]


def key_owners(on: date) -> list[tuple[str, str]]:
    """Accounts of integrators, by user name."""
    return [(p.account.username, f"{name_of(p)}（{p.code}）") for p in holders_of(Role.INTEGRATOR, on) if p.account]


def account_of(username: str) -> Account:
    """The account with this user name; the form offered it a moment ago."""
    found = account_named(username)
    if found is None:
        raise LookupError(username)
    return found


def key_places() -> list[tuple[str, str]]:
    """The company and its regions, by path."""
    return [(u.path, name_of(u)) for u in units_under(("/",)) if u.kind in {"company", "region"}]


def place_names() -> dict[str, str]:
    return dict(key_places())
