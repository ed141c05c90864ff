"""How somebody can be reached: the messages' port `People`, answered from wishes, policy and the list of people."""

from collections.abc import Collection, Mapping
from datetime import datetime, time
from typing import Any

from django.conf import settings

from hangbiao.core.quiet import Quiet
from hangbiao.engines.accounts.selectors import mail_and_locale
from hangbiao.engines.notify.clocks import zone
from hangbiao.engines.notify.reach import Reach
from hangbiao.engines.policy.selectors import policy_on
from hangbiao.rooms.desk.models import Wishes
from hangbiao.rooms.desk.parameters import MESSAGE_KEYS
from hangbiao.rooms.people.directory import ids_in_directories
from hangbiao.rooms.people.selectors import leavers_among

MAIL = "mail"


class Reaching:
    """Whoever has left, or whose account is closed, is not reached at all."""

    def reach(self, accounts: Collection[int], *, at: datetime) -> Mapping[int, Reach]:
        """A person's own hours and channels go before the company's; mail comes last in any case."""
        policy, on = _policy(at), at.astimezone(zone()).date()
        known = mail_and_locale(accounts)
        gone, ids = leavers_among(known, on), ids_in_directories(known)
        wishes = {one.account_id: one for one in Wishes.objects.filter(account_id__in=list(known))}
        return {
            account: Reach(
                locale or settings.LANGUAGE_CODE, _quiet(policy, wishes.get(account)),
                _ways(policy, wishes.get(account), mail, ids.get(account, {})),
            )
            for account, (mail, locale) in known.items()
            if account not in gone
        }  # fmt: skip

    def company(self, *, at: datetime) -> Reach:
        """Groups read the company's language and have its quiet time."""
        return Reach(settings.LANGUAGE_CODE, _quiet(_policy(at), None))


def begins_on(at: datetime) -> str:
    """The first day whose messages leave the house."""
    return str(_policy(at)["messages.begin_on"])


def _policy(at: datetime) -> dict[str, Any]:
    return policy_on(MESSAGE_KEYS, at.astimezone(zone()).date(), known_at=at)


def _quiet(policy: dict[str, Any], wishes: Wishes | None) -> Quiet:
    since, until = time.fromisoformat(policy["messages.quiet_from"]), time.fromisoformat(policy["messages.quiet_to"])
    if wishes and wishes.quiet_from is not None and wishes.quiet_to is not None:
        since, until = wishes.quiet_from, wishes.quiet_to
    return Quiet(since, until, bool(policy["messages.rest_days"]))


def _ways(policy: dict[str, Any], wishes: Wishes | None, mail: str, ids: Mapping[str, str]) -> list[tuple[str, str]]:
    order = [channel for channel in policy["messages.channels"] if channel != MAIL]
    wanted = set(wishes.channels) if wishes and wishes.channels else set(order)
    given = {channel: ids.get(channel, "") for channel in order}
    given |= {channel: ids[""] for channel in policy["messages.ids_by_code"] if not given.get(channel) and "" in ids}
    ways = [(channel, given[channel]) for channel in order if channel in wanted and given.get(channel)]
    return [*ways, (MAIL, mail)] if mail else ways
