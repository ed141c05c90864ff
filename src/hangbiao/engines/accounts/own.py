"""What somebody changes about their own account."""

from datetime import datetime

from django.http import HttpRequest

from hangbiao.engines.accounts import limits, services, sessions
from hangbiao.engines.accounts.devices import address_of
from hangbiao.engines.accounts.errors import WrongPresentPassword
from hangbiao.engines.accounts.models import Account


def change_password(
    request: HttpRequest, *, account: Account, present: str, password: str, at: datetime, wall: datetime
) -> None:
    """A new password for the reader, who stays signed in here and is signed out everywhere else.

    Refuses WrongPresentPassword, WeakPassword, TooManyAttempts.
    """
    if account.has_usable_password():
        check_password(request, account=account, password=present, wall=wall)
    services.refuse_weak_password(account, password)
    services.set_password(account=account, password=password, at=at, actor=account.actor)
    here = sessions.sitting_of(request)
    services.end_other_sittings(account=account, but=here, at=at, wall=wall, actor=account.actor)
    sessions.renew(request, account)


def check_password(request: HttpRequest, *, account: Account, password: str, wall: datetime) -> None:
    """The reader's password once more. Refuses WrongPresentPassword and TooManyAttempts."""
    guessed = limits.password_limits(name=account.username, address=address_of(request), known_browser=True)
    limits.refuse_if_waiting("password", guessed, wall)
    if not account.check_password(password):
        limits.count("password", guessed, wall)
        raise WrongPresentPassword
    limits.forgive("password", guessed)
