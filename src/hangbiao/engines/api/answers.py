"""One effect per Idempotency-Key: the first request is answered and remembered, every repetition gets the same bytes."""

import hashlib
from collections.abc import Callable

from django.db import transaction
from django.http import HttpResponse
from ninja import Schema

from hangbiao.engines.api import sql
from hangbiao.engines.api.asked import Asked
from hangbiao.engines.api.errors import KeyReused
from hangbiao.engines.api.models import Answer


@transaction.atomic
def once(request: Asked, key: str, deed: Callable[[], tuple[int, Schema]]) -> HttpResponse:
    """Do the deed in the transaction that remembers its answer. A repetition that comes meanwhile waits for it.

    A deed that raises leaves nothing, so its repetition tries again.
    """
    holder = request.key.actor if request.key else request.user.actor
    parts = [request.method or "", request.path, hashlib.sha256(request.body).hexdigest()]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    began = sql.begin_answer(holder, key, digest, request.at)
    if began is None:
        return _again(holder, key, digest)
    status, said = deed()
    body = said.model_dump_json()
    Answer.objects.filter(pk=began).update(status=status, body=body)
    return HttpResponse(body, status=status, content_type="application/json; charset=utf-8")


def _again(holder: str, key: str, digest: str) -> HttpResponse:
    kept = Answer.objects.get(holder=holder, key=key)
    if kept.request != digest:
        raise KeyReused(key=key)
    again = {"Idempotency-Replayed": "true"}
    return HttpResponse(kept.body, status=kept.status, content_type="application/json; charset=utf-8", headers=again)
