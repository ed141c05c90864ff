"""Opening and closing accounts, signing in and out. Pages pass the instant; nothing here asks the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest

from hangbiao.core.merkle import tree_hash
from hangbiao.engines.accounts import sessions
from hangbiao.engines.accounts.errors import TooManyAttempts, UsernameTaken, WrongCredentials
from hangbiao.engines.accounts.models import Account, WrongPassword
from hangbiao.engines.accounts.selectors import usernames_among
from hangbiao.engines.journal.digests import canonical
from hangbiao.engines.journal.services import record

ATTEMPTS = 10
WITHIN = timedelta(minutes=15)


@transaction.atomic
def open_account(
    *, username: str, name: str, at: datetime, actor: str, name_en: str = "", password: str | None = None
) -> Account:
    """Make an account. Without a password it can be entered by single sign-on or as a demo person only."""
    if Account.objects.filter(username=username).exists():
        raise UsernameTaken(username=username)
    account = Account.objects.create_user(username, password, name=name, name_en=name_en)
    record(stream="accounts", kind="account.opened", at=at, actor=actor, data=_who(account))
    return account


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account about to be opened, without a password."""

    username: str
    name: str
    name_en: str = ""


@transaction.atomic
def open_accounts(wanted: Sequence[NewAccount], *, at: datetime, actor: str) -> dict[str, Account]:
    """Make many accounts at once, with one line in the journal; gives them by user name."""
    if not wanted:
        return {}
    taken = usernames_among(one.username for one in wanted)
    if taken:
        raise UsernameTaken(username=min(taken))
    accounts = Account.objects.bulk_create(
        [
            Account(username=w.username, name=w.name, name_en=w.name_en, password=make_password(None))
            for w in wanted
        ],
        batch_size=2_000,
    )
    root = tree_hash([canonical(_who(account)).encode() for account in accounts])
    data = {"accounts": len(accounts), "root": root.hex()}
    record(stream="accounts", kind="account.many_opened", at=at, actor=actor, data=data)
    return {account.username: account for account in accounts}


@transaction.atomic
def close_account(*, account: Account, at: datetime, actor: str) -> None:
    """Nobody enters by it any more, and whoever is in is out at the next request. The row stays: history names it."""
    Account.objects.filter(pk=account.pk).update(is_active=False)
    record(stream="accounts", kind="account.closed", at=at, actor=actor, data=_who(account))


@transaction.atomic
def set_password(*, account: Account, password: str, at: datetime, actor: str) -> None:
    """Give the account this password. Its other sessions end, for the session carries a hash of the password's."""
    account.set_password(password)
    account.save(update_fields=["password"])
    record(stream="accounts", kind="account.password_set", at=at, actor=actor, data=_who(account))


def sign_in_by_password(
    request: HttpRequest, *, username: str, password: str, address: str, at: datetime
) -> Account:
    """Begin a session for whoever knows the password. Refuses WrongCredentials and TooManyAttempts."""
    _refuse_guessing(username, address, at)
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        make_password(password)  # as slow as a real check, so that timing does not tell which names exist
    if account is None or not account.check_password(password):
        WrongPassword.objects.create(username=username[:64], address=address[:45], at=at)
        raise WrongCredentials(username=username)
    WrongPassword.objects.filter(username=username, address=address).delete()
    begin_session(request, account=account, at=at, way="password")
    return account


def begin_session(request: HttpRequest, *, account: Account, at: datetime, way: str) -> None:
    """Sign `account` in; `way` says what it was known by (password, demo list)."""
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(last_login=at)
        record(
            stream="accounts",
            kind="account.signed_in",
            at=at,
            actor=account.actor,
            data=_who(account) | {"way": way},
        )
    sessions.begin(request, account)


def sign_out(request: HttpRequest) -> None:
    """End the session and forget everything in it."""
    sessions.end(request)


def _refuse_guessing(username: str, address: str, at: datetime) -> None:
    WrongPassword.objects.filter(at__lt=at - WITHIN).delete()
    recent = WrongPassword.objects.filter(username=username[:64], address=address[:45]).order_by("-at")
    latest = list(recent.values_list("at", flat=True)[:ATTEMPTS])
    if len(latest) == ATTEMPTS:
        wait = latest[-1] + WITHIN - at
        raise TooManyAttempts(username=username, minutes=max(1, ceil(wait / timedelta(minutes=1))))


def _who(account: Account) -> dict[str, str | int]:
    return {"account": account.pk, "username": account.username}
