"""What holds for every page: the reader's language, and a content security policy without exceptions."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

GetResponse = Callable[[HttpRequest], HttpResponse]
LANGUAGE_COOKIE = "hb_language"
THEME_COOKIE = "hb_theme"
POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data:; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "manifest-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'self'"
)


def language_of(request: HttpRequest) -> str:
    """The account's language, else this browser's earlier choice, else Chinese. Never Accept-Language."""
    known = dict(settings.LANGUAGES)
    for wish in (getattr(getattr(request, "user", None), "locale", ""), request.COOKIES.get(LANGUAGE_COOKIE, "")):
        if wish in known:
            return str(wish)
    return str(settings.LANGUAGE_CODE)


def language_of_the_reader(get_response: GetResponse) -> GetResponse:
    """Speak the reader's language for this request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def content_security_policy(get_response: GetResponse) -> GetResponse:
    """Nothing inline, nothing from elsewhere."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware
