"""Which account a session belongs to. Our own few lines: django.contrib.auth would bring its own user tables along.

A session names a sitting (a row) and carries a keyed hash of the password's, so that a new password, a closed account,
an ended or a too long sitting each end it at the next request.
"""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.crypto import constant_time_compare

from hangbiao.engines.accounts.devices import address_of, device_of
from hangbiao.engines.accounts.models import Account, Sitting
from hangbiao.engines.accounts.rules import Rules

SITTING, PASSWORD = "account_sitting", "account_password"
SEEN_EVERY = timedelta(minutes=1)  # a write per minute, not per request
KEPT = timedelta(days=90)


class Stranger:
    """Nobody has signed in. Offers what pages ask of a reader."""

    pk = None
    is_authenticated = False
    is_active = False
    username = name = name_en = locale = theme = mail = ""

    def __str__(self) -> str:
        return ""


def begin(
    request: HttpRequest, account: Account, *, way: str, rules: Rules, wall: datetime, must_enrol: bool
) -> Sitting:
    """Give the session to `account` under a new key, so that a key planted before signing in is worth nothing."""
    before = sitting_of(request)
    request.session.flush()  # nothing of the reader before, or of the stranger, comes along
    if before:
        finish(before, why="signed in again", wall=wall)
    sitting = Sitting.objects.create(
        account=account,
        way=way,
        began_at=wall,
        seen_at=wall,
        proved_at=wall,
        ends_at=wall + rules.life,
        idle_minutes=rules.idle // timedelta(minutes=1),
        address=address_of(request),
        device=device_of(request),
        must_enrol=must_enrol,
    )
    request.session[SITTING] = sitting.pk
    request.session[PASSWORD] = account.get_session_auth_hash()
    request.session.set_expiry(int(rules.life.total_seconds()))
    request.session.cycle_key()
    request._sitting = sitting  # type: ignore[attr-defined]
    rotate_token(request)
    return sitting


def end(request: HttpRequest, *, wall: datetime, why: str = "signed out") -> None:
    """Forget everything in the session, and its key."""
    sitting = sitting_of(request)
    if sitting:
        finish(sitting, why=why, wall=wall)
    request.session.flush()
    request._sitting = None  # type: ignore[attr-defined]


def finish(sitting: Sitting, *, why: str, wall: datetime) -> None:
    """The row stays for a while: its owner may want to know who was there."""
    Sitting.objects.filter(pk=sitting.pk, ended_at__isnull=True).update(ended_at=wall, ended_why=why)


def sitting_of(request: HttpRequest) -> Sitting | None:
    """The request's sitting as the session names it; whether it is still good is another question. Looked up once."""
    if not hasattr(request, "_sitting"):
        pk = request.session.get(SITTING)
        found = Sitting.objects.select_related("account").filter(pk=pk).first() if pk else None
        request._sitting = found  # type: ignore[attr-defined]
    known: Sitting | None = request._sitting  # type: ignore[attr-defined]
    return known


def reader_of(request: HttpRequest, wall: datetime) -> Account | Stranger:
    """The account of the request's session if it is still good."""
    sitting = sitting_of(request)
    if sitting is None:
        return Stranger()
    account = sitting.account
    over = is_over(sitting, wall)
    changed = not constant_time_compare(request.session.get(PASSWORD, ""), account.get_session_auth_hash())
    if over or changed or not account.is_active:
        end(
            request,
            wall=wall,
            why="too long" if over else "password changed" if changed else "account closed",
        )
        return Stranger()
    if wall - sitting.seen_at >= SEEN_EVERY:
        Sitting.objects.filter(pk=sitting.pk).update(seen_at=wall, address=address_of(request))
    return account


def is_over(sitting: Sitting, wall: datetime) -> bool:
    """Ended by somebody, older than its life, or unused for too long."""
    idle = sitting.seen_at + timedelta(minutes=sitting.idle_minutes)
    return sitting.ended_at is not None or wall >= sitting.ends_at or wall >= idle


def renew(request: HttpRequest, account: Account) -> None:
    """The account's password changed here: this session stays good, under a new key."""
    request.session.cycle_key()
    request.session[PASSWORD] = account.get_session_auth_hash()
    rotate_token(request)
