"""The way in: the first step proves who it is, the second is asked for where there is one, then the sitting begins."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from hangbiao.engines.accounts import factors, services
from hangbiao.engines.accounts.errors import AccountClosed, EmployeeHasLeft, SecondStepTooLate
from hangbiao.engines.accounts.models import Account, Sitting
from hangbiao.engines.accounts.rules import rules_for

HALF = "account_first_step"
HALF_LASTS = timedelta(minutes=10)
WITHOUT_SECOND_STEP = (services.DEMO_LIST, "passkey")


def enter(request: HttpRequest, *, account: Account, way: str, at: datetime, wall: datetime) -> Sitting | None:
    """Begin the sitting, or remember the first step and give None: the second is to be asked for.

    Refuses AccountClosed and EmployeeHasLeft.
    """
    if not account.is_active:
        raise AccountClosed(username=account.username)
    rules = rules_for(account, at)
    if rules.has_left:
        raise EmployeeHasLeft(username=account.username)
    asked_elsewhere = way in WITHOUT_SECOND_STEP or way in rules.ways_with_a_second_factor
    if not asked_elsewhere and factors.has_second_step(account):
        request.session.flush()
        request.session[HALF] = {
            "account": account.pk,
            "way": way,
            "at": wall.isoformat(),
            "password": account.get_session_auth_hash(),
        }
        request.session.set_expiry(int(HALF_LASTS.total_seconds()))
        return None
    must_enrol = rules.second_factor_wanted and not asked_elsewhere
    return services.begin_session(
        request, account=account, way=way, at=at, wall=wall, must_enrol=must_enrol
    )


def waiting(request: HttpRequest, wall: datetime) -> tuple[Account, str]:
    """Whose second step is due in this browser, and by which way the first was done. Refuses SecondStepTooLate."""
    half: dict[str, Any] = request.session.get(HALF) or {}
    account = Account.objects.filter(pk=half.get("account", 0), is_active=True).first()
    if account is None or wall - datetime.fromisoformat(half["at"]) >= HALF_LASTS:
        raise SecondStepTooLate
    if not constant_time_compare(half["password"], account.get_session_auth_hash()):
        raise SecondStepTooLate
    return account, str(half["way"])


def finish(request: HttpRequest, *, account: Account, way: str, at: datetime, wall: datetime) -> Sitting:
    """The second step is done."""
    return services.begin_session(request, account=account, way=way, at=at, wall=wall)
