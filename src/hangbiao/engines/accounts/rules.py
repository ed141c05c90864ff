"""What the company decided about signing in. The numbers are policy; a port in settings reads them.

`settings.SIGN_IN_RULES`: callable (account, at) → Rules, or its dotted path. Without it the defaults hold and nobody
needs a second factor.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.module_loading import import_string

from hangbiao.engines.accounts.models import Account


@dataclass(frozen=True, slots=True)
class Rules:
    """For one account at one instant."""

    idle: timedelta = timedelta(hours=12)
    life: timedelta = timedelta(days=7)
    proof_lasts: timedelta = timedelta(minutes=10)
    invitation_lasts: timedelta = timedelta(hours=72)
    reset_lasts: timedelta = timedelta(hours=1)
    second_factor_wanted: bool = False
    ways_with_a_second_factor: tuple[str, ...] = ()  # sign-on services that already asked for one
    has_left: bool = False  # the employee's last day is over


def rules_for(account: Account, at: datetime) -> Rules:
    """The company's rules as they hold for this account."""
    port: str | Callable[[Account, datetime], Rules] | None = getattr(settings, "SIGN_IN_RULES", None)
    if not port:
        return Rules()
    ask = import_string(port) if isinstance(port, str) else port
    rules: Rules = ask(account, at)
    return rules
