"""What broke gets a number: the reader sees it, the log and a table keep the rest for the administrator."""

import logging
import secrets
import sys
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.module_loading import import_string

from hangbiao.engines.pages.models import Fault

log = logging.getLogger("hangbiao.faults")
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another when read out on the telephone
LENGTH = 6
LONGEST_TRACE = 20_000
REFUSALS = range(400, 500)
Exc = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


def number() -> str:
    """E-7KM3XQ: short enough to read out."""
    return "E-" + "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def keep(request: HttpRequest, exc: Exc) -> str:
    """Write the fault to the log and to its table, and give its number. The log also works when the database does not."""
    kind, error, tb = exc
    given, name = number(), getattr(kind, "__qualname__", "unknown")
    log.error("%s %s %s: %s", given, request.method, request.path, name, exc_info=error)
    at = getattr(request, "at", None) or import_string(settings.CLOCK)()
    try:
        account = request.user.pk if getattr(request, "user", None) and request.user.is_authenticated else None
        Fault.objects.create(
            number=given, at=at, account_id=account, method=str(request.method)[:8], address=request.get_full_path()[:400],
            kind=name[:120], said=str(error)[:400], trace="".join(traceback.format_tb(tb))[-LONGEST_TRACE:],
        )  # fmt: skip
    except DatabaseError:
        log.exception("%s could not be kept in the database", given)
    return given


def wants_fragment(request: HttpRequest) -> bool:
    """Whether a part of a page was asked for."""
    return bool(request.headers.get("HX-Request") or request.headers.get("X-Fragment") or request.headers.get("X-Form"))


def server_error(request: HttpRequest) -> HttpResponse:
    """The handler of 500: a page, or a fragment where one was asked for; plain words if even that breaks."""
    given = keep(request, sys.exc_info())
    name = "pages/fault_fragment.html" if wants_fragment(request) else "500.html"
    try:
        html = render_to_string(name, {"number": given}, request)
    except Exception:  # the page about a fault must not need anything that may be broken  # noqa: BLE001
        html = render_to_string("pages/500_plain.html", {"number": given})
    answer = HttpResponse(html, status=500)
    answer.headers["X-Error-Number"] = given
    return answer


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001 - Django gives it by name
    return _said(request, 404)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001
    return _said(request, 403)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001
    return _said(request, 400)


def _said(request: HttpRequest, status: int) -> HttpResponse:
    name = "pages/error_fragment.html" if wants_fragment(request) else f"{status}.html"
    return render(request, name, {"status": status}, status=status)


def refusal(request: HttpRequest, exc: BaseException) -> HttpResponse | None:
    """A business refusal that no page caught is no fault: its sentence, with its status. None for anything else."""
    status = getattr(exc, "status", None)
    if not isinstance(status, int) or not REFUSALS.start <= status < REFUSALS.stop:
        return None
    tell = getattr(exc, "sentence", None)
    context = {"status": status, "said": tell() if callable(tell) else str(exc)}
    name = "pages/refusal_fragment.html" if wants_fragment(request) else "pages/refusal.html"
    return render(request, name, context, status=status)


class Refusals:
    """Middleware: what a room refuses becomes a page that says why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: BaseException) -> HttpResponse | None:
        return refusal(request, exception)
