"""The ports of accounts, answered: what policy and the organisation say about somebody who signs in."""

from datetime import datetime, timedelta

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.accounts.rules import Rules
from hangbiao.engines.policy.selectors import policy_on
from hangbiao.rooms.people.selectors import roles_of
from hangbiao.site.clock import ZONE
from hangbiao.site.parameters import KEYS


def rules_for(account: Account, at: datetime) -> Rules:
    """The rules in force that day for the roles that the account's person has."""
    on = at.astimezone(ZONE).date()
    policy = policy_on(KEYS, on, known_at=at)
    person = getattr(account, "person", None)
    roles = roles_of(person, on) if person else set()

    def minutes(key: str) -> timedelta:
        return timedelta(minutes=int(policy[key]))

    return Rules(
        idle=minutes("signin.idle_minutes"),
        life=minutes("signin.life_minutes"),
        proof_lasts=minutes("signin.proof_minutes"),
        invitation_lasts=timedelta(hours=int(policy["signin.invitation_hours"])),
        reset_lasts=minutes("signin.reset_minutes"),
        second_factor_wanted=bool(roles & set(policy["signin.second_factor_roles"])),
        ways_with_a_second_factor=tuple(policy["signin.ways_with_second_factor"]),
        has_left=bool(person and person.left_on and person.left_on < on),
    )
