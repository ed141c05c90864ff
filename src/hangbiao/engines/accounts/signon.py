"""Signing on by somebody else's service: the port that adapters implement, the question and its answer, whose account it is.

`settings.SIGN_ON`: way → {"adapter": dotted path of a SignOn, …its settings}. `settings.EMPLOYEE_OF`: callable (known, at) →
Account, or its dotted path: it finds the imported employee and opens the account if there is none. Nobody registers.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.module_loading import import_string

from hangbiao.engines.accounts.errors import OtherLink, SignOnForged
from hangbiao.engines.accounts.models import Account, Link
from hangbiao.engines.journal.services import record

ASKED = "account_sign_on"
LASTS = timedelta(minutes=10)
AT_ONCE = 5  # questions open in one browser: tabs


@dataclass(frozen=True, slots=True)
class Known:
    """Whom a service knows. It vouches for all of it: a mail address that it has not verified is left out."""

    way: str
    tenant: str
    uid: str  # stays the same for this person and our app
    ids: tuple[str, ...] = ()  # ids that the imported list of people may carry
    employee_code: str = ""
    mail: str = ""


class SignOn(Protocol):
    """One service, as its adapter speaks to it. Refuses with the classes of errors.SignOnError."""

    def question(self, request: HttpRequest, *, state: str, back: str, in_client: bool) -> str:
        """The address at the service to send the browser to; empty if the page itself asks the client (DingTalk)."""

    def answer(self, request: HttpRequest, *, code: str, back: str, in_client: bool) -> Known:
        """Who it is, by the code that came back."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that this browser asked."""

    way: str
    back: str
    next: str
    in_client: bool


def ways() -> list[str]:
    """The services that are set up."""
    return list(getattr(settings, "SIGN_ON", {}))


def service(way: str) -> SignOn | None:
    """The adapter of a service that is set up."""
    given: dict[str, Any] | None = getattr(settings, "SIGN_ON", {}).get(way)
    if given is None:
        return None
    adapter: SignOn = import_string(given["adapter"])(**{k: v for k, v in given.items() if k != "adapter"})
    return adapter


def ask(request: HttpRequest, *, way: str, back: str, wanted: str, in_client: bool, wall: datetime) -> str:
    """Remember a question in this browser's session; gives its state, which the answer must bring along."""
    state = secrets.token_hex(16)  # letters and digits only: WeCom takes nothing else
    open_ones = dict(list(request.session.get(ASKED, {}).items())[-AT_ONCE + 1 :])
    open_ones[state] = [way, back, wanted, in_client, wall.isoformat()]
    request.session[ASKED] = open_ones
    return state


def answered(request: HttpRequest, *, way: str, state: str, wall: datetime) -> Asked:
    """The question that this answer is for; it is answered once. Refuses SignOnForged."""
    open_ones = request.session.get(ASKED, {})
    found = open_ones.pop(state, None)
    if found is None:
        raise SignOnForged(way=way)
    request.session[ASKED] = open_ones
    asked_way, back, wanted, in_client, asked_at = found
    if asked_way != way or wall - datetime.fromisoformat(asked_at) >= LASTS:
        raise SignOnForged(way=way)
    return Asked(way, back, wanted, in_client)


def account_of(known: Known, *, at: datetime) -> Account:
    """Whose account it is: by the link, else the imported employee's, to whom the link is then made.

    Refuses OtherLink, and what the port refuses: NoEmployee, EmployeeHasLeft.
    """
    link = Link.objects.select_related("account").filter(
        way=known.way, tenant=known.tenant, uid=known.uid
    ).first()  # fmt: skip
    if link:
        return link.account
    with transaction.atomic():
        account = _employee_of(known, at)
        if Link.objects.filter(way=known.way, account=account).exists():
            raise OtherLink(way=known.way)
        Link.objects.create(
            account=account, way=known.way, tenant=known.tenant, uid=known.uid, joined_at=at
        )
        record(
            stream="accounts",
            kind="account.sign_on_joined",
            at=at,
            actor=account.actor,
            data={"account": account.pk, "username": account.username, "way": known.way},
        )
    return account


@transaction.atomic
def unlink(*, account: Account, at: datetime, actor: str) -> int:
    """The services forget the account; the next sign-on joins anew, by the list of people."""
    gone, _rows = Link.objects.filter(account=account).delete()
    if gone:
        data = {"account": account.pk, "username": account.username}
        record(stream="accounts", kind="account.sign_on_unlinked", at=at, actor=actor, data=data)
    return gone


def _employee_of(known: Known, at: datetime) -> Account:
    port: str | Callable[..., Account] = settings.EMPLOYEE_OF
    find = import_string(port) if isinstance(port, str) else port
    account: Account = find(known, at=at)
    return account
