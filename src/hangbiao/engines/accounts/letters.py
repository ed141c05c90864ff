"""Letters with a way in: an invitation to somebody without a password, a reset for somebody who forgot it.

The request only leaves a row and a job in its own transaction. The job makes the token, keeps its digest and sends the
mail: the token itself exists in the mail alone, and a stranger who asks cannot tell by the time it takes whether a name
exists.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from hangbiao.engines.accounts import limits, sessions
from hangbiao.engines.accounts.devices import address_of
from hangbiao.engines.accounts.errors import AccountClosed, LetterExpired, LetterUnknown, LetterUsed, NoMail
from hangbiao.engines.accounts.models import Account, Letter
from hangbiao.engines.accounts.rules import rules_for
from hangbiao.engines.accounts.services import refuse_weak_password, set_password
from hangbiao.engines.journal.services import Line, record, record_all

MINUTE = timedelta(minutes=1)
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Wording:
    """A letter in the reader's language."""

    subject: str
    body: str


@transaction.atomic
def invite(*, accounts: Sequence[Account], origin: str, at: datetime, actor: str) -> list[Letter]:
    """A letter to each of them with a way to set a password; the letters before lose theirs. All or none.

    Refuses NoMail and AccountClosed. `origin` is the house's own address as the reader will open it.
    """
    for account in accounts:
        if not account.is_active:
            raise AccountClosed(username=account.username)
        if not account.mail:
            raise NoMail(name=str(account))
    lasts = rules_for(accounts[0], at).invitation_lasts if accounts else MINUTE
    letters = [_write(account, Letter.Purpose.INVITATION, lasts, at, actor) for account in accounts]
    record_all(
        [
            Line(stream="accounts", kind="account.invited", at=at, actor=actor, data=_about(letter))
            for letter in letters
        ]
    )
    for letter in letters:
        _defer("accounts.send_letter", letter=letter.pk, origin=origin)
    return letters


def ask_for_reset(request: HttpRequest, *, name: str, origin: str, wall: datetime) -> None:
    """Somebody says they forgot the password of `name`. The answer is the same for every name. Refuses TooManyAttempts."""
    asked = limits.letter_limits(name=name, address=address_of(request))
    limits.refuse_if_waiting("reset", asked, wall)
    limits.count("reset", asked, wall)
    _defer("accounts.answer_reset", name=name.strip()[:254], origin=origin)


@transaction.atomic
def answer_reset(*, name: str, origin: str, at: datetime) -> Letter | None:
    """Write the letter if the name (or mail) belongs to an open account with an address; otherwise do nothing."""
    if not name:
        return None
    accounts = Account.objects.filter(Q(username=name) | Q(mail__iexact=name), is_active=True)
    account = accounts.exclude(mail="").first()
    if account is None or rules_for(account, at).has_left:
        return None
    letter = _write(account, Letter.Purpose.RESET, rules_for(account, at).reset_lasts, at, account.actor)
    record(stream="accounts", kind="account.reset_asked", at=at, actor="system:reset", data=_about(letter))
    _defer("accounts.send_letter", letter=letter.pk, origin=origin)
    return letter


def send(*, letter_id: int, origin: str, wall: datetime) -> bool:
    """Make the token and send it. A repeated call sends a new token and the one before is worth nothing.

    A failure of the mail server is kept with the letter for the administrator and raised for the job to try again.
    """
    letter = Letter.objects.select_related("account").get(pk=letter_id)
    if letter.used_at or letter.ended_at or not letter.account.is_active:
        return False
    token = secrets.token_urlsafe(TOKEN_BYTES)
    letter.digest, letter.expires_at = digest_of(token), wall + letter.lasts_minutes * MINUTE
    letter.save(update_fields=["digest", "expires_at"])
    said = wording(letter, f"{origin.rstrip('/')}/letters/{token}/")
    mail = EmailMessage(said.subject, said.body, settings.DEFAULT_FROM_EMAIL, [letter.mail])
    try:
        mail.send()
    except OSError as fault:  # smtplib's errors are OSErrors too
        Letter.objects.filter(pk=letter.pk).update(failure=f"{type(fault).__name__}: {fault}"[:200])
        raise
    Letter.objects.filter(pk=letter.pk).update(sent_at=wall, failure="")
    return True


def letter_of(token: str, *, address: str, wall: datetime) -> Letter:
    """The letter that carried this token, if its way in is open. Reading it uses nothing up.

    Refuses LetterUnknown (and, after many of those, TooManyAttempts), LetterUsed, LetterExpired, AccountClosed.
    """
    guessed = limits.token_limits(address)
    limits.refuse_if_waiting("token", guessed, wall)
    letter = Letter.objects.select_related("account").filter(digest=digest_of(token)).first()
    if letter is None:
        limits.count("token", guessed, wall)
        raise LetterUnknown
    _refuse_spent(letter, wall)
    return letter


def use(*, token: str, password: str, address: str, at: datetime, wall: datetime) -> tuple[Account, str]:
    """Set the password by the letter: its account and purpose. The letter is used up, every sitting of before ends."""
    found = letter_of(token, address=address, wall=wall)
    refuse_weak_password(found.account, password)
    with transaction.atomic():
        letter = Letter.objects.select_for_update(of=("self",)).select_related("account").get(pk=found.pk)
        _refuse_spent(letter, wall)  # two tabs: the second one finds it used
        Letter.objects.filter(pk=letter.pk).update(used_at=wall)
        Letter.objects.filter(account=letter.account, used_at=None, ended_at=None).update(ended_at=wall)
        set_password(account=letter.account, password=password, at=at, actor=letter.account.actor)
        for sitting in letter.account.sittings.filter(ended_at=None):
            sessions.finish(sitting, why="password changed", wall=wall)
    return letter.account, letter.purpose


def _refuse_spent(letter: Letter, wall: datetime) -> None:
    if letter.used_at:
        raise LetterUsed
    if letter.ended_at or letter.expires_at is None or wall >= letter.expires_at:
        raise LetterExpired
    if not letter.account.is_active:
        raise AccountClosed(username=letter.account.username)


def digest_of(token: str) -> str:
    """What is kept of a token; 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def wording(letter: Letter, link: str) -> Wording:
    """What the mail says, in the language of the account."""
    language = letter.account.locale or settings.LANGUAGE_CODE
    with translation.override(language):
        lasts = _lasts(letter.lasts_minutes)
        facts = {
            "name": str(letter.account),
            "username": letter.account.username,
            "link": link,
            "lasts": lasts,
        }
        if letter.purpose == Letter.Purpose.INVITATION:
            subject = _("航标：请设置你的登录密码")
            body = _(
                "%(name)s：\n\n你的航标账号已经开通，用户名是 %(username)s。请在 %(lasts)s内打开下面的链接设置密码：\n\n"
                "%(link)s\n\n链接只能使用一次。如果已经过期，请联系管理员重新发送。"
            )
        else:
            subject = _("航标：重设登录密码")
            body = _(
                "%(name)s：\n\n有人为你的航标账号（用户名 %(username)s）申请重设密码。请在 %(lasts)s内打开下面的链接：\n\n"
                "%(link)s\n\n链接只能使用一次。如果不是你申请的，不用处理，密码不会改变。"
            )
        return Wording(subject, body % facts)


def _lasts(minutes: int) -> str:
    if minutes % 60:
        return _("%(n)s 分钟") % {"n": minutes}
    return _("%(n)s 小时") % {"n": minutes // 60}


def _write(account: Account, purpose: str, lasts: timedelta, at: datetime, actor: str) -> Letter:
    Letter.objects.filter(account=account, used_at=None, ended_at=None).update(ended_at=at)
    return Letter.objects.create(
        account=account,
        purpose=purpose,
        mail=account.mail,
        asked_at=at,
        asked_by=actor,
        lasts_minutes=lasts // MINUTE,
    )


def _about(letter: Letter) -> dict[str, str | int]:
    return {"account": letter.account.pk, "username": letter.account.username, "letter": letter.pk}


def _defer(task: str, **arguments: str | int) -> None:
    """Leave a job in the present transaction."""
    from procrastinate.contrib.django import app

    app.configure_task(task).defer(**arguments)
