"""What an operation knows of its request."""

from datetime import date, datetime
from typing import Protocol

from django.http import HttpRequest

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.api.models import ApiKey
from hangbiao.engines.scope.context import Scope


class Viewing(Protocol):
    """Who looks: what the site's middleware puts on the request."""

    @property
    def scope(self) -> Scope: ...
    @property
    def on(self) -> date: ...
    @property
    def paths(self) -> tuple[str, ...]: ...


class Asked(HttpRequest):
    """A request that was let in."""

    user: Account
    key: ApiKey | None
    at: datetime
    viewer: Viewing
