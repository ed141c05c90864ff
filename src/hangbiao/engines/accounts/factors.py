"""The second step of signing in: codes of an app (TOTP), passkeys (WebAuthn), recovery codes.

allauth.mfa keeps the keys and does the arithmetic. What may be guessed how often, what is journalled, and that no code
serves twice, is decided here.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.safestring import SafeString, mark_safe

from hangbiao.engines.accounts import limits
from hangbiao.engines.accounts.errors import LastFactor, PasskeyRefused, WrongCode
from hangbiao.engines.accounts.models import Account, Sitting
from hangbiao.engines.accounts.rules import rules_for
from hangbiao.engines.journal.services import record

PERIOD, DRIFT = 30, 1  # seconds a code lasts; how many periods a phone's clock may be off
LONGEST_CREDENTIAL = 20_000
MALFORMED = (ValidationError, ValueError, TypeError, KeyError, AttributeError)
SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class Factor:
    """One second step that an account has."""

    number: int
    kind: str  # totp, webauthn
    name: str
    made_at: datetime
    used_at: datetime | None


def factors_of(account: Account) -> list[Factor]:
    """App and passkeys, the oldest first; recovery codes are the spare key, not a lock."""
    rows = Authenticator.objects.filter(user_id=account.pk, type__in=SECOND_STEPS).order_by("pk")
    return [
        Factor(row.pk, row.type, row.data.get("name", ""), row.created_at, row.last_used_at) for row in rows
    ]


def has_second_step(account: Account) -> bool:
    return bool(Authenticator.objects.filter(user_id=account.pk, type__in=SECOND_STEPS).exists())


def with_second_step(accounts: Sequence[int]) -> set[int]:
    """Those of the accounts that have one."""
    rows = Authenticator.objects.filter(user__in=accounts, type__in=SECOND_STEPS)
    return set(rows.values_list("user_id", flat=True))


def has_passkey(account: Account) -> bool:
    return bool(Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.WEBAUTHN).exists())


def codes_left(account: Account) -> int:
    """How many recovery codes have not been used."""
    row = _row(account, Authenticator.Type.RECOVERY_CODES)
    return len(RecoveryCodes(row).get_unused_codes()) if row else 0


def new_secret() -> str:
    """A secret for an app; it becomes the account's when a code from it is typed in."""
    return str(totp.generate_totp_secret())


def drawn_for_app(account: Account, secret: str) -> SafeString:
    """The QR code, as SVG made here: black squares, no text of anybody's."""
    adapter = get_adapter()
    svg: str = adapter.build_totp_svg(adapter.build_totp_url(account, secret))
    return mark_safe(svg[svg.index("<svg") :])  # noqa: S308 - see above


@transaction.atomic
def add_app(*, account: Account, secret: str, code: str, at: datetime, wall: datetime) -> None:
    """The app shows codes of this account from now on; it replaces an app of before. Refuses WrongCode."""
    counter = _counter(secret, code, wall, after=-1)
    if counter is None:
        raise WrongCode
    Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP).delete()
    row = totp.TOTP.activate(account, secret).instance
    row.data["last"] = counter
    row.save(update_fields=["data"])
    _added(account, "totp", at)


@transaction.atomic
def add_passkey(*, account: Account, name: str, credential: str, at: datetime) -> None:
    """A passkey that the browser has just made for the challenge in the session. Refuses PasskeyRefused."""
    given = _parsed(credential)
    try:
        webauthn.parse_registration_response(given)
        webauthn.complete_registration(given)
    except MALFORMED as wrong:
        raise PasskeyRefused from wrong
    webauthn.WebAuthn.add(account, name[:40], given)
    _added(account, "passkey", at)


def ask_for_new_passkey(account: Account) -> dict[str, Any]:
    """What the browser needs to make one; the challenge stays in the session."""
    return dict(webauthn.begin_registration(account, passwordless=False))


def ask_for_passkey(account: Account) -> dict[str, Any]:
    """What the browser needs to show one; the challenge stays in the session."""
    return dict(webauthn.begin_authentication(account))


def check_code(*, account: Account, code: str, at: datetime, wall: datetime) -> None:
    """A code of the app, or a recovery code; each opens once. Refuses WrongCode and TooManyAttempts."""
    guessed = limits.code_limits(account.pk)
    limits.refuse_if_waiting("code", guessed, wall)
    if not (_app_says(account, code, wall) or _is_recovery_code(account, code, at, wall)):
        _wrong(account, wall)
    limits.forgive("code", guessed)


def check_passkey(*, account: Account, credential: str, wall: datetime) -> None:
    """A passkey of this account, for the challenge in the session. Refuses PasskeyRefused and TooManyAttempts."""
    guessed = limits.code_limits(account.pk)
    limits.refuse_if_waiting("code", guessed, wall)
    try:
        row = webauthn.complete_authentication(account, _parsed(credential))
    except MALFORMED as wrong:
        limits.count("code", guessed, wall)
        raise PasskeyRefused from wrong
    Authenticator.objects.filter(pk=row.pk).update(last_used_at=wall)
    limits.forgive("code", guessed)


def recovery_codes(account: Account) -> list[str]:
    """Those that are left, for their owner's eyes."""
    row = _row(account, Authenticator.Type.RECOVERY_CODES)
    return list(RecoveryCodes(row).get_unused_codes()) if row else []


@transaction.atomic
def renew_recovery_codes(*, account: Account, at: datetime) -> list[str]:
    """Ten new ones; those of before open nothing any more."""
    Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.RECOVERY_CODES).delete()
    _journal("account.recovery_codes_made", account, at, account.actor)
    return list(RecoveryCodes.activate(account).get_unused_codes())


@transaction.atomic
def remove(*, account: Account, number: int, at: datetime) -> bool:
    """Take one away; False when the account has none of this number. Refuses LastFactor where one is required."""
    row = Authenticator.objects.filter(user_id=account.pk, pk=number, type__in=SECOND_STEPS).first()
    if row is None:
        return False
    others = Authenticator.objects.filter(user_id=account.pk, type__in=SECOND_STEPS).exclude(pk=row.pk)
    if not others.exists():
        if rules_for(account, at).second_factor_wanted:
            raise LastFactor
        Authenticator.objects.filter(user_id=account.pk).delete()  # the spare keys go with the last lock
    row.delete()
    _journal("account.factor_removed", account, at, account.actor)
    return True


@transaction.atomic
def forget_all(*, account: Account, at: datetime, wall: datetime, actor: str) -> None:
    """For somebody who lost phone and codes: nothing of before opens, every device is signed out."""
    Authenticator.objects.filter(user_id=account.pk).delete()
    account.sittings.filter(ended_at=None).update(ended_at=wall, ended_why="second step reset")
    _journal("account.factors_forgotten", account, at, actor)


def _app_says(account: Account, code: str, wall: datetime) -> bool:
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(
            user_id=account.pk, type=Authenticator.Type.TOTP
        ).first()  # fmt: skip
        if row is None:
            return False
        secret = get_adapter().decrypt(row.data["secret"])
        counter = _counter(secret, code, wall, after=row.data.get("last", -1))
        if counter is None:
            return False
        row.data["last"], row.last_used_at = counter, wall
        row.save(update_fields=["data", "last_used_at"])
        return True


def _counter(secret: str, code: str, wall: datetime, *, after: int) -> int | None:
    """Which period the code is of, if it is one that may still be used: none twice, and none older than a used one."""
    present = int(wall.timestamp()) // PERIOD
    for counter in range(max(present - DRIFT, after + 1), present + DRIFT + 1):
        expected = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if compare_user_code(actual=code, expected=expected):
            return counter
    return None


def _is_recovery_code(account: Account, code: str, at: datetime, wall: datetime) -> bool:
    row = _row(account, Authenticator.Type.RECOVERY_CODES)
    if row is None or not RecoveryCodes(row).validate_code(code):
        return False
    Authenticator.objects.filter(pk=row.pk).update(last_used_at=wall)
    with transaction.atomic():
        _journal("account.recovery_code_used", account, at, account.actor)
    return True


def _wrong(account: Account, wall: datetime) -> None:
    guessed = limits.code_limits(account.pk)
    limits.refuse_if_waiting("code", guessed, wall)
    limits.count("code", guessed, wall)
    raise WrongCode


def _parsed(credential: str) -> dict[str, Any]:
    if len(credential) > LONGEST_CREDENTIAL:
        raise PasskeyRefused
    try:
        given = json.loads(credential)
    except ValueError as wrong:
        raise PasskeyRefused from wrong
    if not isinstance(given, dict):
        raise PasskeyRefused
    return given


def _row(account: Account, kind: str) -> Authenticator | None:
    row: Authenticator | None = Authenticator.objects.filter(user_id=account.pk, type=kind).first()
    return row


def _added(account: Account, kind: str, at: datetime) -> None:
    RecoveryCodes.activate(account)  # the first lock brings the spare keys
    Sitting.objects.filter(account=account, ended_at=None).update(must_enrol=False)
    _journal("account.factor_added", account, at, account.actor, factor=kind)


def _journal(kind: str, account: Account, at: datetime, actor: str, **more: str) -> None:
    data = {"account": account.pk, "username": account.username} | more
    record(stream="accounts", kind=kind, at=at, actor=actor, data=data)
