"""Pages of the engine: keep the reader's language and theme."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from hangbiao.engines.accounts.middleware import public
from hangbiao.engines.pages.context import THEMES
from hangbiao.engines.pages.middleware import LANGUAGE_COOKIE, THEME_COOKIE
from hangbiao.engines.pages.services import keep_preferences

YEAR = 365 * 24 * 3600


@public
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Store language or theme with the account, and in this browser for the page before sign-in; then go back."""
    language, theme = request.POST.get("language"), request.POST.get("theme")
    if request.user.is_authenticated:
        keep_preferences(account=request.user, locale=language, theme="" if theme == "auto" else theme)
    response = HttpResponseRedirect(_back(request))
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
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else "/"
