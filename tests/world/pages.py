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
    from django.conf import settings

    from hangbiao.engines.accounts.models import Account
    from hangbiao.engines.accounts.sessions import ACCOUNT, PASSWORD

    Clock.at = at
    client, account = Client(), Account.objects.get(username=username)
    session = client.session
    session.update({ACCOUNT: account.pk, PASSWORD: account.get_session_auth_hash()})
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def text_of(response) -> str:
    """What a reader of the page reads: no markup, single blanks."""
    bare = re.sub(r"<(script|svg|template)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", bare))).strip()
