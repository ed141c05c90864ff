"""A test client that is signed in as somebody of the world, without the sign-in page."""

from django.conf import settings
from django.test import Client


def seen_as(username: str) -> Client:
    """The pages as this account sees them."""
    from hangbiao.engines.accounts.models import Account
    from hangbiao.engines.accounts.sessions import ACCOUNT, PASSWORD

    client, account = Client(), Account.objects.get(username=username)
    session = client.session
    session.update({ACCOUNT: account.pk, PASSWORD: account.get_session_auth_hash()})
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client
