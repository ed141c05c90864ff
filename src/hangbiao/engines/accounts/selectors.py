"""Reading accounts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.timezone import localtime

from hangbiao.engines.accounts import words
from hangbiao.engines.accounts.models import Account, Letter, Link, Sitting
from hangbiao.engines.accounts.sessions import is_over


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to sign in as in the demo company."""

    username: str
    name: str
    role: str  # as the list shows it, e.g. 大区经理
    place: str = ""  # e.g. 华东一区
    say: str = ""  # what is worth seeing with their eyes


def demo_people(at: datetime) -> Sequence[DemoPerson]:
    """The people that the port `settings.DEMO_PEOPLE` offers; nobody outside the demo company.

    The port is a callable or its dotted path. It takes the instant and gives DemoPerson rows.
    """
    port: str | Callable[[datetime], Sequence[DemoPerson]] | None = getattr(settings, "DEMO_PEOPLE", None)
    if not settings.DEMO or not port:
        return ()
    ask = import_string(port) if isinstance(port, str) else port
    return tuple(ask(at))


def account_named(username: str) -> Account | None:
    """The open account with this user name."""
    return Account.objects.filter(username=username, is_active=True).first()


def usernames_among(usernames: Iterable[str]) -> set[str]:
    """Those of the given user names that are taken already, by open or closed accounts."""
    rows = Account.objects.filter(username__in=list(usernames))
    return set(rows.values_list("username", flat=True))


@dataclass(frozen=True, slots=True)
class Stay:
    """One line of "where you are signed in"."""

    number: int
    device: str
    way: str
    address: str
    began_at: datetime
    seen_at: datetime
    here: bool


def sittings_of(account: Account, *, here: Sitting | None, wall: datetime) -> list[Stay]:
    """The account's open sittings, this one first, then the one seen last."""
    rows = [s for s in Sitting.objects.filter(account=account, ended_at=None) if not is_over(s, wall)]
    rows.sort(key=lambda s: (bool(here and s.pk == here.pk), s.seen_at), reverse=True)
    return [
        Stay(
            s.pk, words.device(s.device), words.way(s.way), s.address, localtime(s.began_at), localtime(s.seen_at),
            bool(here and s.pk == here.pk),
        )
        for s in rows
    ]  # fmt: skip


def mail_folder() -> str:
    """Where letters lie when there is no mail server to take them; empty when there is one."""
    return str(settings.EMAIL_FILE_PATH) if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend") else ""


@dataclass(frozen=True, slots=True)
class LetterState:
    """What became of somebody's newest letter: waiting, sent, failed, used or expired."""

    state: str
    mail: str
    when: datetime
    failure: str = ""


def newest_letters(accounts: Sequence[int], *, wall: datetime) -> dict[int, LetterState]:
    """Account → its newest invitation."""
    rows = Letter.objects.filter(account__in=accounts, purpose=Letter.Purpose.INVITATION).order_by("pk")
    return {row.account_id: _letter_state(row, wall) for row in rows}


def _letter_state(row: Letter, wall: datetime) -> LetterState:
    if row.used_at:
        return LetterState("used", row.mail, localtime(row.used_at))
    if row.failure:
        return LetterState("failed", row.mail, localtime(row.asked_at), row.failure)
    if row.sent_at is None or row.expires_at is None:
        return LetterState("waiting", row.mail, localtime(row.asked_at))
    spent = row.ended_at is not None or wall >= row.expires_at
    return LetterState("expired" if spent else "sent", row.mail, localtime(row.sent_at))


def names_of_actors(actors: Iterable[str]) -> dict[str, str]:
    """The journal's name of an account → the person's; names of other kinds (system:…) are not among them."""
    numbers = [int(a.removeprefix("account:")) for a in actors if a.removeprefix("account:").isdecimal()]
    return {account.actor: account.name for account in Account.objects.filter(pk__in=numbers)}


def accounts_called(word: str) -> list[str]:
    """The journal's names of the accounts whose name or user name holds the word."""
    named = Q(name__icontains=word) | Q(name_en__icontains=word) | Q(username__icontains=word)
    return [account.actor for account in Account.objects.filter(named)]


def linked_accounts(accounts: Sequence[int]) -> set[int]:
    """Those of the accounts that a sign-on service knows."""
    return set(Link.objects.filter(account__in=accounts).values_list("account_id", flat=True))


def mail_and_locale(accounts: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Of the open ones among the accounts: where letters go, and the language they chose."""
    rows = Account.objects.filter(pk__in=list(accounts), is_active=True).values_list("pk", "mail", "locale")
    return {pk: (mail, locale) for pk, mail, locale in rows}
