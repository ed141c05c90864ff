"""Whom a visitor of the demo can sign in as (the port settings.DEMO_PEOPLE)."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from hangbiao.engines.accounts.selectors import DemoPerson
from hangbiao.rooms.people.roles import Role
from hangbiao.rooms.people.selectors import people_to_sign_in_as
from hangbiao.site import clock

FEW = {
    Role.EXECUTIVE: 2, Role.HRBP: 1, Role.REGION_MANAGER: 2, Role.SUPERVISOR: 1, Role.REP: 3,
    Role.ADMINISTRATOR: 1,
}  # fmt: skip


def role_names() -> dict[str, str]:
    """Post role → its name on pages."""
    return {
        Role.EXECUTIVE: _("高管"),
        Role.HRBP: _("HRBP"),
        Role.REGION_MANAGER: _("大区经理"),
        Role.SUPERVISOR: _("业务主管"),
        Role.REP: _("业务代表"),
        Role.ADMINISTRATOR: _("系统管理员"),
    }


def demo_people(at: datetime) -> Sequence[DemoPerson]:
    """Everybody with an account on that day, the higher unit first."""
    names = role_names()
    on = at.astimezone(clock.ZONE).date()
    return [
        DemoPerson(person.account.username, person.name, names[post.role], post.unit.name)
        for person, post in people_to_sign_in_as(on)
        if person.account
    ]


def who_to_sign_in_as() -> list[str]:
    """A line per demo person worth trying: user name, name, role, unit."""
    left = dict(FEW)
    lines = []
    for person, post in people_to_sign_in_as(clock.today()):
        role = Role(post.role)
        if person.account and left.get(role, 0) > 0:
            left[role] -= 1
            lines.append(f"{person.account.username:<14} {person.name}  {role.value:<15} {post.unit.name}")
    return lines
