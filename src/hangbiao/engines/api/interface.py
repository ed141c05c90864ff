"""Building the ninja API out of the rooms' routers. Its docs are ours (pages.py): the usual ones load from elsewhere."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError

from hangbiao.engines.api import problems
from hangbiao.engines.api.access import needs
from hangbiao.engines.api.errors import ApiRefusal


def composed(
    *, title: str, version: str, description: str, routers: Iterable[Router], refusals: Iterable[type[Exception]] = ()
) -> NinjaAPI:
    """One API of several routers, closed by default. `refusals` of the rooms have `status` and `sentence()`."""
    api = NinjaAPI(
        title=title,
        version=version,
        description=description,
        docs_url=None,
        openapi_url=None,
        urls_namespace="interface",
        auth=needs(""),
    )
    for router in routers:
        api.add_router("", router)
    api.add_exception_handler(ApiRefusal, problems.refused)
    for refusal in refusals:
        api.add_exception_handler(refusal, problems.refused)
    api.add_exception_handler(RequestDataTooBig, _too_large)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(Http404, _absent)
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(AuthenticationError, _stranger)
    return api


def _invalid(request: HttpRequest, refusal: Any) -> HttpResponse:
    return problems.invalid(request, refusal.errors)


def _absent(request: HttpRequest, _refusal: Any) -> HttpResponse:
    return problems.answer(request, 404, "not-found")


def _stranger(request: HttpRequest, _refusal: Any) -> HttpResponse:
    return problems.answer(request, 401, "http-401", headers={"WWW-Authenticate": 'Bearer realm="hangbiao"'})


def _too_large(request: HttpRequest, _refusal: Any) -> HttpResponse:
    return problems.answer(request, 413, "too-large")


def _http(request: HttpRequest, refusal: Any) -> HttpResponse:
    return problems.answer(request, refusal.status_code, f"http-{refusal.status_code}")
