"""Who may use an operation: `auth=needs("read:lights")`. A key by its scopes, a signed-in person by their role."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from hangbiao.engines.api.errors import ForgedForm, ScopeMissing

READING = {"GET", "HEAD", "OPTIONS"}


class KeyOrSession(AuthBase):
    """Lets in who was let in by the middleware before, if what they hold names the scope."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = "`Authorization: Bearer hb_…`"

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__()

    def __call__(self, request: HttpRequest) -> Any:
        holder: Any = request
        if not holder.user.is_authenticated:
            return None
        if self.scope and self.scope not in granted(holder):
            raise ScopeMissing(scope=self.scope)
        if holder.key is None and request.method not in READING and check_csrf(request) is not None:
            raise ForgedForm
        return holder.user


def granted(request: Any) -> frozenset[str]:
    """The scopes of whoever asks."""
    if request.key is not None:
        return frozenset(request.key.scopes)
    return frozenset(import_string(settings.API_GRANTS)(request))


def needs(scope: str) -> KeyOrSession:
    """For `auth=` of an operation or router; an empty scope asks only for a key or a session."""
    return KeyOrSession(scope)
