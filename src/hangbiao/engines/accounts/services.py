"""Opening and closing accounts, signing in and out. Pages pass the instants; nothing here asks the clock.

Two instants: `at` is the company's (the demo's clock can stand still), `wall` is the one of phones and browsers, by which
waits, sittings and codes go.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest

from hangbiao.core.merkle import tree_hash
from hangbiao.engines.accounts import limits, sessions
from hangbiao.engines.accounts.devices import address_of, is_known_browser
from hangbiao.engines.accounts.errors import (
    AccountClosed,
    EmployeeHasLeft,
    MailTaken,
    UsernameTaken,
    WeakPassword,
    WrongCredentials,
)
from hangbiao.engines.accounts.models import Account, Letter, Sitting
from hangbiao.engines.accounts.rules import rules_for
from hangbiao.engines.accounts.selectors import usernames_among
from hangbiao.engines.journal.digests import canonical
from hangbiao.engines.journal.services import record

DEMO_LIST = "demo list"


@transaction.atomic
def open_account(
    *,
    username: str,
    name: str,
    at: datetime,
    actor: str,
    name_en: str = "",
    mail: str = "",
    password: str | None = None,
) -> Account:
    """Make an account. Without a password it can be entered by a letter, single sign-on or as a demo person only."""
    if Account.objects.filter(username=username).exists():
        raise UsernameTaken(username=username)
    _refuse_taken_mail(mail, except_for=None)
    account = Account.objects.create_user(username, password, name=name, name_en=name_en, mail=mail)
    record(stream="accounts", kind="account.opened", at=at, actor=actor, data=_who(account))
    return account


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account about to be opened, without a password."""

    username: str
    name: str
    name_en: str = ""
    mail: str = ""


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
            Account(username=w.username, name=w.name, name_en=w.name_en, mail=w.mail, password=make_password(None))
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
    Letter.objects.filter(account=account, used_at=None, ended_at=None).update(ended_at=at)
    record(stream="accounts", kind="account.closed", at=at, actor=actor, data=_who(account))


@transaction.atomic
def reopen_account(*, account: Account, at: datetime, actor: str) -> None:
    """The account can be entered again, as it was."""
    Account.objects.filter(pk=account.pk).update(is_active=True)
    record(stream="accounts", kind="account.reopened", at=at, actor=actor, data=_who(account))


@transaction.atomic
def set_mail(*, account: Account, mail: str, at: datetime, actor: str) -> None:
    """Where letters to this account go. Letters that are under way to the old address lose their way in."""
    _refuse_taken_mail(mail, except_for=account)
    Account.objects.filter(pk=account.pk).update(mail=mail)
    Letter.objects.filter(account=account, used_at=None, ended_at=None).update(ended_at=at)
    record(stream="accounts", kind="account.mail_set", at=at, actor=actor, data=_who(account))


@transaction.atomic
def set_mails(mails: Mapping[int, str], *, at: datetime, actor: str) -> None:
    """Account → where letters to it go, for many at once and with one line in the journal."""
    changed = [a for a in Account.objects.filter(pk__in=mails) if a.mail != mails[a.pk]]
    if not changed:
        return
    for account in changed:
        account.mail = mails[account.pk]
    keys = [account.pk for account in changed]
    Account.objects.filter(pk__in=keys).update(mail="")  # two of them may change places
    Account.objects.bulk_update(changed, ["mail"], batch_size=2_000)
    Letter.objects.filter(account__in=keys, used_at=None, ended_at=None).update(ended_at=at)
    root = tree_hash([canonical(_who(account)).encode() for account in changed])
    data = {"accounts": len(changed), "root": root.hex()}
    record(stream="accounts", kind="account.many_mails_set", at=at, actor=actor, data=data)


def _refuse_taken_mail(mail: str, *, except_for: Account | None) -> None:
    others = Account.objects.exclude(pk=except_for.pk) if except_for else Account.objects.all()
    if mail and others.filter(mail__iexact=mail).exists():
        raise MailTaken(mail=mail)


@transaction.atomic
def set_password(*, account: Account, password: str, at: datetime, actor: str) -> None:
    """Give the account this password. Its other sessions end, for the session carries a hash of the password's."""
    account.set_password(password)
    account.save(update_fields=["password"])
    record(stream="accounts", kind="account.password_set", at=at, actor=actor, data=_who(account))


def refuse_weak_password(account: Account, password: str) -> None:
    """WeakPassword with sentences: too short, too common, too like the person."""
    try:
        validate_password(password, user=account)
    except ValidationError as weak:
        raise WeakPassword(why=[wrong.code for wrong in weak.error_list]) from weak


def account_by_password(request: HttpRequest, *, username: str, password: str, wall: datetime) -> Account:
    """Whose name and password these are. Refuses WrongCredentials and TooManyAttempts."""
    known = is_known_browser(request, username)
    guessed = limits.password_limits(name=username, address=address_of(request), known_browser=known)
    limits.refuse_if_waiting("password", guessed, wall)
    name = username.strip()
    accounts = Account.objects.filter(Q(username=name) | Q(mail__iexact=name) if name else Q(pk=None))
    account = accounts.filter(is_active=True).first()
    if account is None:
        make_password(password)  # as slow as a real check, so that timing does not tell which names exist
    if account is None or not account.check_password(password):
        limits.count("password", guessed, wall)
        raise WrongCredentials(username=username)
    limits.forgive("password", guessed)
    return account


def begin_session(
    request: HttpRequest, *, account: Account, way: str, at: datetime, wall: datetime, must_enrol: bool = False
) -> Sitting:
    """Sign `account` in; `way` says what it was known by, `must_enrol` that a second step is wanted and not there yet.

    Refuses AccountClosed and EmployeeHasLeft. Pages call entering.enter, which asks for the second step.
    """
    if not account.is_active:
        raise AccountClosed(username=account.username)
    rules = rules_for(account, at)
    if rules.has_left:
        raise EmployeeHasLeft(username=account.username)
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(last_login=at)
        Sitting.objects.filter(account=account, ended_at__lt=wall - sessions.KEPT).delete()
        record(
            stream="accounts",
            kind="account.signed_in",
            at=at,
            actor=account.actor,
            data=_who(account) | {"way": way},
        )
        return sessions.begin(request, account, way=way, rules=rules, wall=wall, must_enrol=must_enrol)


def sign_out(request: HttpRequest, *, wall: datetime) -> None:
    """End the session and forget everything in it."""
    sessions.end(request, wall=wall)


@transaction.atomic
def end_sitting(*, account: Account, sitting: int, at: datetime, wall: datetime, actor: str) -> bool:
    """End one of the account's own sittings; False when it has none of this number (or it has ended already)."""
    found = Sitting.objects.filter(account=account, pk=sitting, ended_at=None).first()
    if found is None:
        return False
    sessions.finish(found, why="ended by hand", wall=wall)
    data = _who(account) | {"sittings": 1}
    record(stream="accounts", kind="account.sessions_ended", at=at, actor=actor, data=data)
    return True


@transaction.atomic
def end_other_sittings(
    *, account: Account, but: Sitting | None, at: datetime, wall: datetime, actor: str
) -> int:
    """End all of the account's sittings except one."""
    others = Sitting.objects.filter(account=account, ended_at=None)
    others = others.exclude(pk=but.pk) if but else others
    ended = others.update(ended_at=wall, ended_why="ended by hand")
    if ended:
        data = _who(account) | {"sittings": ended}
        record(stream="accounts", kind="account.sessions_ended", at=at, actor=actor, data=data)
    return ended


def _who(account: Account) -> dict[str, str | int]:
    return {"account": account.pk, "username": account.username}
