"""Reading accounts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from hangbiao.engines.accounts.models import Account


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to sign in as in the demo company."""

    username: str
    name: str
    role: str  # as the list shows it, e.g. 大区经理
    place: str = ""  # e.g. 华东一区
    say: str = ""  # what is worth seeing with their eyes


def demo_people(at: datetime) -> Sequence[DemoPerson]:
    """The people that the port `settings.DEMO_PEOPLE` offers; nobody outside the demo company.

    The port is a callable or its dotted path. It takes the instant and gives DemoPerson rows.
    """
    port: str | Callable[[datetime], Sequence[DemoPerson]] | None = getattr(settings, "DEMO_PEOPLE", None)
    if not settings.DEMO or not port:
        return ()
    ask = import_string(port) if isinstance(port, str) else port
    return tuple(ask(at))


def account_named(username: str) -> Account | None:
    """The open account with this user name."""
    return Account.objects.filter(username=username, is_active=True).first()


def usernames_among(usernames: Iterable[str]) -> set[str]:
    """Those of the given user names that are taken already, by open or closed accounts."""
    rows = Account.objects.filter(username__in=list(usernames))
    return set(rows.values_list("username", flat=True))
