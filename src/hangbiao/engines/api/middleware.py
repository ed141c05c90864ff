"""What holds for every request under /api/: a key instead of a session, and refusals as problem+json.

Two middlewares with the reader's language between them: the key says whose language it is.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from hangbiao.engines.api import problems
from hangbiao.engines.api.errors import ApiRefusal, KeyNotGood, OwnerGone, TooOften
from hangbiao.engines.api.models import ApiKey
from hangbiao.engines.api.selectors import key_presented, owner_is_gone
from hangbiao.engines.api.services import count_use

PREFIX = "/api/"
UNKNOWN, FIRST_REFUSAL = 401, 400
REALM = 'Bearer realm="hangbiao"'
GetResponse = Callable[[HttpRequest], HttpResponse]


def key_instead_of_session(get_response: GetResponse) -> GetResponse:
    """Sets `request.key` and, by it, `request.user`. Stands behind accounts.middleware.signed_in."""
    wall: Callable[[], datetime] = import_string(settings.WALL_CLOCK)

    def middleware(request: Any) -> HttpResponse:
        request.key = request.refusal = None
        kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if request.path.startswith(PREFIX) and kind.lower() == "bearer":
            _present(request, secret.strip(), wall())
        return get_response(request)

    return middleware


def _present(request: Any, secret: str, wall: datetime) -> None:
    key: ApiKey | None = key_presented(secret, at=request.at)
    if key is None:
        request.refusal = KeyNotGood()
        return
    if owner_is_gone(key, at=request.at):
        request.refusal = OwnerGone()
        return
    request.key, request.user = key, key.owner
    try:
        count_use(key=key, at=request.at, wall=wall)
    except TooOften as refusal:
        request.refusal = refusal


def refusals_as_problems(get_response: GetResponse) -> GetResponse:
    """Whatever refuses a request under /api/, the framework included, says so as a problem."""

    def middleware(request: Any) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return get_response(request)
        if request.refusal is not None:
            return _refused(request, request.refusal)
        response = get_response(request)
        said = response.headers.get("Content-Type") == problems.MEDIA_TYPE
        return response if response.status_code < FIRST_REFUSAL or said else _as_problem(request, response)

    return middleware


def _refused(request: HttpRequest, refusal: ApiRefusal) -> HttpResponse:
    response = problems.refused(request, refusal)
    if isinstance(refusal, TooOften):
        response.headers["Retry-After"] = str(refusal.facts["seconds"])
    else:
        response.headers["WWW-Authenticate"] = f'{REALM}, error="invalid_token"'
    return response


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    status = response.status_code
    kept = {"Allow": response.headers["Allow"]} if "Allow" in response.headers else {}
    if status == UNKNOWN:
        kept["WWW-Authenticate"] = REALM
    return problems.answer(request, status, f"http-{status}", headers=kept)
