"""Pages of the engine: the reader's language and theme, chosen columns, faults, the parts on show, what a phone installs."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hangbiao.engines.accounts.middleware import public
from hangbiao.engines.pages.context import THEMES
from hangbiao.engines.pages.dates import moment
from hangbiao.engines.pages.frame import Frame
from hangbiao.engines.pages.manifest import BUILD
from hangbiao.engines.pages.middleware import LANGUAGE_COOKIE, THEME_COOKIE
from hangbiao.engines.pages.selectors import fault_numbered, faults
from hangbiao.engines.pages.services import choose_columns, keep_preferences
from hangbiao.engines.pages.styleguide import exhibits
from hangbiao.engines.pages.tables import Column, Row, table_of

YEAR = 365 * 24 * 3600


@public
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Store language or theme with the account, and in this browser for the page before sign-in; then go back."""
    language, theme = request.POST.get("language"), request.POST.get("theme")
    if request.user.is_authenticated:
        keep_preferences(account=request.user, locale=language, theme="" if theme == "auto" else theme)
    return keep_in_browser(HttpResponseRedirect(_back(request)), language=language, theme=theme)


def keep_in_browser(response: HttpResponse, *, language: str | None, theme: str | None) -> HttpResponse:
    """Keep known wishes in this browser, for the page before sign-in."""
    if language in dict(settings.LANGUAGES):
        _keep(response, LANGUAGE_COOKIE, str(language))
    if theme in (*THEMES, "auto"):
        _keep(response, THEME_COOKIE, str(theme))
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    secure = bool(getattr(settings, "SESSION_COOKIE_SECURE", False))
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=secure)


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted.startswith("/") else "/"


@require_POST
def columns(request: HttpRequest, table: str) -> HttpResponse:
    """Remember which columns of a table the reader wants."""
    choose_columns(account=request.user, table=table, columns=request.POST.getlist("column"))  # type: ignore[arg-type]
    return HttpResponse(status=204) if request.headers.get("X-Form") else HttpResponseRedirect(_back(request))


def _for_builders(request: HttpRequest) -> None:
    """Administrators, and everybody where the house is being built; to others the page does not exist."""
    frame = getattr(request, "frame", None)
    if not (settings.DEBUG or (isinstance(frame, Frame) and frame.configures)):
        raise Http404


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every part in every state, in both languages."""
    _for_builders(request)
    return render(request, "pages/styleguide.html", {"exhibits": exhibits(request), "here": "styleguide"})


@require_safe
def fault_list(request: HttpRequest) -> HttpResponse:
    """What broke: look it up by the number that the reader saw."""
    _for_builders(request)
    columns_ = [
        Column("number", _("错误编号"), needed=True), Column("at", _("时间")), Column("who", _("谁")),
        Column("address", _("地址")), Column("kind", _("种类")), Column("said", _("信息"), hidden=True),
    ]  # fmt: skip
    rows = [
        Row(
            {"number": f.number, "at": moment(f.at), "who": str(f.account or "–"), "address": f"{f.method} {f.address}",
             "kind": f.kind, "said": f.said},
            href=f"/admin/errors/{f.number}/", exact={"at": localtime(f.at)},
        )
        for f in faults()
    ]  # fmt: skip
    empty = _("没有记录到任何错误。")
    table = table_of(request, name="faults", caption=_("程序错误"), columns=columns_, rows=rows, empty=empty)
    return render(request, "pages/faults.html", {"table": table, "here": "errors"})


@require_safe
def fault(request: HttpRequest, number: str) -> HttpResponse:
    """One fault with its trace."""
    _for_builders(request)
    found = fault_numbered(number)
    if found is None:
        raise Http404
    return render(request, "pages/fault.html", {"fault": found, "here": "errors"})


@public
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a phone shows without network where nothing was kept; carries nobody's data."""
    return render(request, "pages/offline.html")


@public
@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker, from the root so that it may answer for every page."""
    try:
        script = (BUILD / "sw.js").read_bytes()
    except FileNotFoundError as missing:
        raise Http404 from missing
    headers = {"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"}
    return HttpResponse(script, content_type="text/javascript", headers=headers)


@public
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """How the pages are installed on a phone."""
    sizes = [("192x192", "icon-192.png", "any"), ("512x512", "icon-512.png", "any"), ("512x512", "icon-mask-512.png", "maskable")]
    said = {
        "name": _("航标"), "short_name": _("航标"), "lang": str(getattr(request, "LANGUAGE_CODE", "zh-hans")), "id": "/",
        "start_url": "/", "scope": "/", "display": "standalone", "background_color": "#f5f5f1", "theme_color": "#f5f5f1",
        "icons": [{"src": f"/static/{n}", "sizes": s, "type": "image/png", "purpose": p} for s, n, p in sizes],
    }  # fmt: skip
    return JsonResponse(said, content_type="application/manifest+json")
