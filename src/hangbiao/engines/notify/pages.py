"""The addresses that messengers call. Who is not one of them is told nothing."""

import logging

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, RawPostDataException, UnreadablePostError
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hangbiao.engines.accounts.middleware import Asked, public
from hangbiao.engines.notify import hearing
from hangbiao.engines.notify.inbound import Forged
from hangbiao.engines.scope.context import acting, system_scope

log = logging.getLogger("hangbiao.messages")
LARGEST = 64_000
NOTHING = 403


@public
@csrf_exempt  # judged by the messenger's own signature
@require_http_methods(["GET", "POST"])
def callback(request: Asked, messenger: str) -> HttpResponse:
    """One call of a messenger: judged, kept once, answered as the messenger wants it."""
    adapter = hearing.ear(messenger)
    raw = _raw(request)
    if adapter is None or raw is None:
        return HttpResponse(status=NOTHING)
    try:
        with override(settings.LANGUAGE_CODE):
            answer = adapter.hear(
                method=request.method or "", query=request.GET.dict(), headers=request.headers, raw=raw, now=request.wall
            )
    except Forged as forged:
        log.warning("a callback for %s was refused: %s", messenger, forged)
        return HttpResponse(status=NOTHING)
    if answer.told:
        with acting(system_scope(f"callback of {messenger}")):
            hearing.hear(messenger=messenger, told=answer.told, at=request.at)
    return HttpResponse(answer.body, content_type=answer.content_type)


def _raw(request: Asked) -> bytes | None:
    """The bytes that were signed; None where no messenger would send such."""
    try:
        body = request.body
    except (RawPostDataException, RequestDataTooBig, UnreadablePostError):
        return None
    return body if len(body) <= LARGEST else None
