"""Who of the people can sign in, for the administrator: invite, give an address, close and open again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from hangbiao.engines.accounts import factors, letters, signon
from hangbiao.engines.accounts import services as accounts
from hangbiao.engines.accounts.errors import AccountError, NoMail
from hangbiao.engines.journal.services import record
from hangbiao.rooms.people.errors import BadMail, MailOfSomebodyElse, NotOneself
from hangbiao.rooms.people.models import Person


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of an invitation of several: how many letters, and a sentence for each person without one."""

    letters: int
    refused: tuple[str, ...]


def invite_people(*, codes: Sequence[str], origin: str, at: datetime, actor: str) -> Invited:
    """A letter to each; who has no account yet gets one, named by the employee code. Each person stands for themselves."""
    refused: list[str] = []
    sent = 0
    for person in Person.objects.filter(code__in=codes).select_related("account"):
        try:
            _invite(person, origin, at, actor)
            sent += 1
        except AccountError as refusal:
            refused.append(_("%(name)s：%(why)s") % {"name": person.name, "why": refusal.sentence()})
    return Invited(sent, tuple(refused))


@transaction.atomic
def _invite(person: Person, origin: str, at: datetime, actor: str) -> None:
    if person.account is None:
        if not person.mail:
            raise NoMail(name=person.name)
        person.account = accounts.open_account(
            username=person.code,
            name=person.name,
            name_en=person.name_en,
            mail=person.mail,
            at=at,
            actor=actor,
        )
        person.save(update_fields=["account"])
    elif person.mail and not person.account.mail:
        accounts.set_mail(account=person.account, mail=person.mail, at=at, actor=actor)
        person.account.mail = person.mail
    letters.invite(accounts=[person.account], origin=origin, at=at, actor=actor)


@transaction.atomic
def give_mail(*, person: Person, mail: str, at: datetime, actor: str) -> None:
    """Where letters to this person go; empty takes the address away. Refuses BadMail, MailOfSomebodyElse."""
    mail = mail.strip()
    if mail:
        try:
            validate_email(mail)
        except ValidationError as wrong:
            raise BadMail(mail=mail) from wrong
        owner = Person.objects.filter(mail__iexact=mail).exclude(pk=person.pk).first()
        if owner:
            raise MailOfSomebodyElse(mail=mail, name=owner.name, code=owner.code)
    Person.objects.filter(pk=person.pk).update(mail=mail)
    if person.account:
        accounts.set_mail(account=person.account, mail=mail, at=at, actor=actor)
    record(stream="people", kind="people.mail_set", at=at, actor=actor, data={"person": person.code})


def close_account_of(*, person: Person, at: datetime, actor: str) -> None:
    """Nobody enters by it any more. Refuses to close one's own: nobody might be left to open it."""
    if person.account is None:
        return
    if person.account.actor == actor:
        raise NotOneself(name=person.name)
    accounts.close_account(account=person.account, at=at, actor=actor)


def reopen_account_of(*, person: Person, at: datetime, actor: str) -> None:
    """It can be entered again."""
    if person.account:
        accounts.reopen_account(account=person.account, at=at, actor=actor)


def forget_second_step_of(*, person: Person, at: datetime, wall: datetime, actor: str) -> None:
    """For somebody who lost phone and codes: whatever they had opens nothing, their devices are signed out."""
    if person.account:
        factors.forget_all(account=person.account, at=at, wall=wall, actor=actor)


def unlink_sign_on_of(*, person: Person, at: datetime, actor: str) -> None:
    """For somebody whose WeCom, DingTalk or other account changed: the next sign-on joins by the list of people."""
    if person.account:
        signon.unlink(account=person.account, at=at, actor=actor)
