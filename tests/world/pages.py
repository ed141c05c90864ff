"""Pages as somebody sees them at an instant, without a browser."""

import re
from datetime import datetime
from html import unescape

from django.test import Client


class Clock:
    """Stands where the test puts it (settings.CLOCK = tests.world.pages.now)."""

    at: datetime


def now() -> datetime:
    return Clock.at


def seen_by(username: str, at: datetime) -> Client:
    """A browser that `username` is signed in with, at an instant. Needs settings.CLOCK = tests.world.pages.now."""
    from hangbiao.engines.accounts.models import Account
    from tests.world.signed_in import client_of

    Clock.at = at
    return client_of(Account.objects.get(username=username))


def text_of(response) -> str:
    """What a reader of the page reads: no markup, single blanks."""
    bare = re.sub(r"<(script|svg|template)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", bare))).strip()
