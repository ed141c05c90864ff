"""Pages with the mistakes that the matrix is there to find. Served only to the test of the matrix itself."""

import csv
import io
from collections.abc import Callable
from typing import Any

from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST, require_safe
from openpyxl import Workbook

from hangbiao.engines.accounts.middleware import public
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.lights.models import Light
from hangbiao.rooms.people.models import Person
from tests.access.matrix import IN_SIGHT, SIGNED_IN, Ask, Row
from tests.access.urls import urlpatterns as house

EVERYTHING = system_scope("a mistake")


def _lights(code: str) -> Any:
    return Light.objects.filter(person__code=code)


@require_safe
def forgets_to_ask(_request: HttpRequest, code: str) -> HttpResponse:
    with acting(EVERYTHING):
        return HttpResponse(f"{code} {_lights(code).count()} {Person.objects.get(code=code).name}")


@require_safe
def forbids(_request: HttpRequest, code: str) -> HttpResponse:
    if _lights(code).exists():
        return HttpResponse(f"{code}: {_lights(code).count()}")
    return HttpResponse(status=403 if Person.objects.filter(code=code).exists() else 404)


@require_safe
def explains(_request: HttpRequest, code: str) -> HttpResponse:
    if _lights(code).exists():
        return HttpResponse(f"{code}: {_lights(code).count()}")
    why = "not yours" if Person.objects.filter(code=code).exists() else "unknown"
    return HttpResponse(why, status=404)


@require_safe
def counts_all(_request: HttpRequest) -> HttpResponse:
    with acting(EVERYTHING):
        return HttpResponse(f"{Light.objects.count()} in the company")


@require_safe
def sums_the_mean(_request: HttpRequest) -> HttpResponse:
    with acting(EVERYTHING):
        total = Light.objects.filter(metric__code="sales").aggregate(s=Sum("actual"))["s"]
    return HttpResponse(f"the company's mean is {total // 23}")


@require_safe
def exports_all(_request: HttpRequest) -> HttpResponse:
    out = io.StringIO()
    csv.writer(out).writerows(Person.objects.values_list("code", "name"))
    return HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv")


@require_safe
def exports_a_workbook(_request: HttpRequest) -> HttpResponse:
    book, out = Workbook(), io.BytesIO()
    for code, name in Person.objects.values_list("code", "name"):
        book.active.append([code, name])
    book.save(out)
    return HttpResponse(out.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@public
@require_safe
def open_to_strangers(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("come in")


@require_POST
def writes_before_it_asks(_request: HttpRequest, code: str) -> HttpResponse:
    Person.objects.filter(code=code).update(name_en="changed")
    if not _lights(code).exists():
        raise Http404
    return HttpResponse(code)


@require_safe
def broken(_request: HttpRequest, code: str) -> HttpResponse:
    raise Http404(code)


def _of(name: str) -> dict[str, Any]:
    return {
        "route": f"{name}/<str:code>/", "object": "person", "entitled": IN_SIGHT, "sees": lambda _v, p: [p.code],
        "asks": {"page": lambda p: f"/{name}/{p.code}/"},
    }  # fmt: skip


def _plain(name: str) -> Row:
    return Row(route=f"{name}/", entitled=SIGNED_IN, asks={"page": lambda _p: f"/{name}/"})


VIEWS: dict[str, Callable[..., HttpResponse]] = {
    view.__name__: view
    for view in (
        forgets_to_ask, forbids, explains, counts_all, sums_the_mean, exports_all, exports_a_workbook, open_to_strangers,
        writes_before_it_asks, broken,
    )
}  # fmt: skip
WITH_CODE = ("forgets_to_ask", "forbids", "explains", "broken", "writes_before_it_asks")
ROWS = {name: _plain(name) for name in VIEWS if name not in WITH_CODE}
ROWS |= {name: Row(**_of(name)) for name in WITH_CODE[:-1]}
ROWS["writes_before_it_asks"] = Row(
    **_of("writes_before_it_asks") | {"asks": {"button": lambda p: Ask(f"/writes_before_it_asks/{p.code}/", data={})}},
    method="POST",
)
urlpatterns = [
    *(path(f"{name}/<str:code>/" if name in WITH_CODE else f"{name}/", view) for name, view in VIEWS.items()),
    *house,  # what the pages of the house link to
]
