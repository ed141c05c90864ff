"""Slowing guessing down: who failed waits, longer each time, whether or not the name exists.

A guess is counted for the name, for the address and for both together. A browser that has signed this name in before is
counted by itself, so that strangers who guess at a name cannot keep its owner out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db.models import Count, Max
from django.utils.crypto import salted_hmac

from hangbiao.engines.accounts.errors import TooManyAttempts
from hangbiao.engines.accounts.models import Attempt

MINUTE = timedelta(minutes=1)
REMEMBERED = timedelta(days=1)
LONGEST = timedelta(hours=1)
DOUBLINGS = 6  # after so many the longest wait is reached


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` failures cost nothing; each one after that doubles the wait, from a minute up to an hour."""

    key: str
    free: int
    within: timedelta = REMEMBERED


def password_limits(*, name: str, address: str, known_browser: bool) -> list[Limit]:
    """For guesses at the password of `name`."""
    name = name.strip().lower()
    if known_browser:
        return [Limit(f"browser|{name}|{address}", 10)]
    return [
        Limit(f"both|{name}|{address}", 5),
        Limit(f"name|{name}", 30),
        Limit(f"address|{address}", 100, timedelta(hours=1)),
    ]


def code_limits(account: int) -> list[Limit]:
    """For guesses at a second factor; six digits are few."""
    return [Limit(f"account|{account}", 5)]


def letter_limits(*, name: str, address: str) -> list[Limit]:
    """For asking for a letter: each request counts, for each of them sends a mail."""
    return [
        Limit(f"name|{name.strip().lower()}", 3, timedelta(hours=1)),
        Limit(f"address|{address}", 20, timedelta(hours=1)),
    ]


def token_limits(address: str) -> list[Limit]:
    """For tokens and sign-on codes that are not ours: nobody guesses 256 bits, but nobody may try all day either."""
    return [Limit(f"address|{address}", 30, timedelta(hours=1))]


def refuse_if_waiting(purpose: str, limits: Sequence[Limit], at: datetime) -> None:
    """TooManyAttempts with the minutes left if any of the limits says so. Being refused here counts no further."""
    waits = [until - at for limit in limits if (until := _until(purpose, limit, at)) and until > at]
    if waits:
        raise TooManyAttempts(minutes=max(1, ceil(max(waits) / MINUTE)))


def count(purpose: str, limits: Sequence[Limit], at: datetime) -> None:
    """One more failure; what is too old to matter goes away."""
    Attempt.objects.filter(at__lt=at - REMEMBERED).delete()
    Attempt.objects.bulk_create([Attempt(purpose=purpose, key=_digest(each.key), at=at) for each in limits])


def forgive(purpose: str, limits: Sequence[Limit]) -> None:
    """Somebody showed who they are: what was counted for this name in this place is forgotten."""
    own = [_digest(each.key) for each in limits if not each.key.startswith(("address|", "name|"))]
    Attempt.objects.filter(purpose=purpose, key__in=own).delete()


def _until(purpose: str, limit: Limit, at: datetime) -> datetime | None:
    recent = Attempt.objects.filter(
        purpose=purpose, key=_digest(limit.key), at__gt=at - limit.within, at__lte=at
    )
    counted = recent.aggregate(n=Count("pk"), latest=Max("at"))
    over = counted["n"] - limit.free
    if over < 0 or counted["latest"] is None:
        return None
    wait = LONGEST if over >= DOUBLINGS else MINUTE * 2**over
    latest: datetime = counted["latest"]
    return latest + wait


def _digest(key: str) -> str:
    return salted_hmac("hangbiao.accounts.attempt", key, algorithm="sha256").hexdigest()
