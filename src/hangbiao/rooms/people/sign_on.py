"""Which imported employee somebody is, who comes by a sign-on service (the port settings.EMPLOYEE_OF)."""

from datetime import datetime

from django.utils.timezone import localtime

from hangbiao.engines.accounts.errors import EmployeeHasLeft, NoEmployee
from hangbiao.engines.accounts.models import Account
from hangbiao.engines.accounts.services import open_account
from hangbiao.engines.accounts.signon import Known
from hangbiao.rooms.people.models import DirectoryId, Person


def account_of(known: Known, *, at: datetime) -> Account:
    """The employee's account, opened now if there is none.

    By the directory id that the list of people carries; else by employee code; else by mail address. Refuses NoEmployee
    and EmployeeHasLeft.
    """
    person = _employee(known)
    if person is None:
        raise NoEmployee(way=known.way)
    if person.left_on and person.left_on < localtime(at).date():
        raise EmployeeHasLeft(username=person.code)
    if person.account is None:
        person.account = open_account(
            username=person.code, name=person.name[:64], name_en=person.name_en[:64], mail=person.mail,
            at=at, actor=f"system:{known.way}",
        )  # fmt: skip
        person.save(update_fields=["account"])
    return person.account


def has_left(account: Account, *, at: datetime) -> bool:
    """Whether the account's person is past their last day (the port settings.HAS_LEFT)."""
    return Person.objects.filter(account=account, left_on__lt=localtime(at).date()).exists()


def _employee(known: Known) -> Person | None:
    named = DirectoryId.objects.filter(directory=known.way, value__in=known.ids).select_related("person__account")
    people = {row.person.pk: row.person for row in named}
    if len(people) == 1:
        return next(iter(people.values()))
    if people:  # ids of two people: nobody is guessed
        return None
    everybody = Person.objects.select_related("account")
    if known.employee_code:
        found = everybody.filter(code=known.employee_code).first()
        if found:
            return found
    return everybody.filter(mail__iexact=known.mail).first() if known.mail else None
