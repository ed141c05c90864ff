"""Which account a session belongs to. Our own few lines: django.contrib.auth would bring its own user tables along.

A session names the account and carries a keyed hash of its password, so that a new password, like a closed account,
ends it at the next request.
"""

from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.crypto import constant_time_compare

from hangbiao.engines.accounts.models import Account

ACCOUNT, PASSWORD = "account", "account_password"


class Stranger:
    """Nobody has signed in. Offers what pages ask of a reader."""

    pk = None
    is_authenticated = False
    is_active = False
    username = name = name_en = locale = theme = ""

    def __str__(self) -> str:
        return ""


def begin(request: HttpRequest, account: Account) -> None:
    """Give the session to `account` under a new key, so that a key planted before signing in is worth nothing."""
    if request.session.get(ACCOUNT) not in (None, account.pk):
        request.session.flush()  # nothing of the reader before
    request.session.cycle_key()
    request.session[ACCOUNT] = account.pk
    request.session[PASSWORD] = account.get_session_auth_hash()
    rotate_token(request)


def end(request: HttpRequest) -> None:
    """Forget everything in the session, and its key."""
    request.session.flush()


def reader_of(request: HttpRequest) -> Account | Stranger:
    """The account of the request's session if it is still good."""
    known = request.session.get(ACCOUNT)
    account = Account.objects.filter(pk=known, is_active=True).first() if known else None
    if account is None:
        return Stranger()
    if not constant_time_compare(request.session.get(PASSWORD, ""), account.get_session_auth_hash()):
        request.session.flush()
        return Stranger()
    return account
