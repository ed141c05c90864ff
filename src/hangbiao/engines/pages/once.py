"""A form that is sent twice acts once: it carries a key, and the second time gets the first time's answer.

The key is claimed in the deed's own transaction: a rival waits for the first to commit, a crash leaves neither deed nor
claim. A refusal (400 and above) keeps no claim, so that the reader can mend the form and send it again.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from hangbiao.engines.pages import sql
from hangbiao.engines.pages.faults import refusal
from hangbiao.engines.pages.middleware import reader_mark
from hangbiao.engines.pages.models import Answered

FIELD, HEADER = "_once", "Idempotency-Key"
INTERFACE = "/api/"  # answers its own keys, by the program's key and with problems (engines/api/answers.py)
LONGEST, LARGEST = 64, 200_000
HEADERS = ("Location", "Content-Type", "HX-Redirect", "HX-Location", "HX-Trigger", "HX-Refresh", "X-Location")
REFUSED = 400


class Once:
    """Middleware: acts only where a POST carries a key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if request.method != "POST" or getattr(view, "answers_every_time", False):
            return None
        wrote = request.headers.get("X-Reader")
        if wrote and request.user.is_authenticated and wrote != reader_mark(request):
            return _said("pages/other_reader.html", 409)
        if request.path.startswith(INTERFACE):
            return None
        key = request.headers.get(HEADER) or request.POST.get(FIELD, "")
        if not key:
            return None
        if len(key) > LONGEST:
            return HttpResponse(status=400)
        try:
            kept = not getattr(view, "answer_is_secret", False)
            return _answer_once(request, key, lambda: view(request, *args, **kwargs), kept=kept)
        except Exception as wrong:  # what this hook raises reaches no process_exception
            refused = refusal(request, wrong)
            if refused is None:
                raise
            return refused


def every_time(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view whose POST only asks (a preview): it is answered anew each time."""
    view.answers_every_time = True  # type: ignore[attr-defined]
    return view


def secret_answer(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view whose answer shows a secret: it acts once, and the second time is told so, for the answer is not kept."""
    view.answer_is_secret = True  # type: ignore[attr-defined]
    return view


def _answer_once(request: Any, key: str, act: Callable[[], Any], *, kept: bool) -> HttpResponseBase:
    reader = f"account:{request.user.pk}" if request.user.is_authenticated else "stranger"
    digest = digest_of(request)
    with transaction.atomic():
        if not sql.claim(reader=reader, key=key, digest=digest, at=request.at):
            return _replay(Answered.objects.get(reader=reader, key=key), digest)
        answer: HttpResponseBase = act()
        if hasattr(answer, "render") and callable(answer.render):
            answer = answer.render()
        claimed = Answered.objects.filter(reader=reader, key=key)
        if answer.status_code >= REFUSED or answer.streaming:
            claimed.delete()
        elif not kept:
            told = _said("pages/shown_once.html", 409)
            claimed.update(status=told.status_code, headers={}, body=told.content)
        else:
            body = getattr(answer, "content", b"")
            headers = {name: answer.headers[name] for name in HEADERS if name in answer.headers}
            claimed.update(status=answer.status_code, headers=headers, body=body if len(body) <= LARGEST else b"")
    return answer


def digest_of(request: HttpRequest) -> str:
    """What was sent, without what changes by itself (the forgery token)."""
    parts = [request.path]
    for name in sorted(request.POST):
        if name != "csrfmiddlewaretoken":
            parts += [name, *request.POST.getlist(name)]
    for name in sorted(request.FILES):
        parts += [f"{name}:{file.name}:{file.size}" for file in request.FILES.getlist(name) if file]
    if not request.POST and not request.FILES:
        parts.append(hashlib.sha256(request.body).hexdigest())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _replay(known: Answered, digest: str) -> HttpResponse:
    if known.digest != digest:
        return _said("pages/sent_already.html", 422)
    answer = HttpResponse(bytes(known.body), status=known.status)
    for name, value in known.headers.items():
        answer.headers[name] = value
    answer.headers["Idempotent-Replay"] = "1"
    return answer


def _said(template: str, status: int) -> HttpResponse:
    return HttpResponse(render_to_string(template), status=status)
