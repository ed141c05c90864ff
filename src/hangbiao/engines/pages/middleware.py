"""What holds for every page: the reader's language, and a content security policy without exceptions."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.crypto import salted_hmac

GetResponse = Callable[[HttpRequest], HttpResponse]
LANGUAGE_COOKIE = "hb_language"
THEME_COOKIE = "hb_theme"
REDIRECTS = (301, 302, 303, 307, 308)
POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data:; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "manifest-src 'self'; "
    "worker-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'self'"
)


def nul_is_no_letter(get_response: GetResponse) -> GetResponse:
    """No text in the database holds a NUL, and asking for one is a fault there: an address with it names nothing instead."""

    def middleware(request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or "\0" in query:
            request.META["QUERY_STRING"] = query.replace("%00", "%EF%BF%BD").replace("\0", "%EF%BF%BD")
        request.path, request.path_info = (p.replace("\0", "\ufffd") for p in (request.path, request.path_info))
        return get_response(request)

    return middleware


def language_of(request: HttpRequest) -> str:
    """The account's language, else this browser's earlier choice, else Chinese. Never Accept-Language."""
    known = dict(settings.LANGUAGES)
    for wish in (
        getattr(getattr(request, "user", None), "locale", ""),
        request.COOKIES.get(LANGUAGE_COOKIE, ""),
    ):
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


def reader_mark(request: HttpRequest) -> str:
    """A name for the reader that says nothing about them: what a browser keeps, it keeps under this name. Empty: nobody."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    return salted_hmac("hangbiao.pages.reader", str(user.pk)).hexdigest()[:16]


def whose_page(get_response: GetResponse) -> GetResponse:
    """Say whose page this is, so that the worker never keeps one reader's beside another's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        mark = reader_mark(request)
        if mark and response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers["X-Reader"] = mark
        if request.method == "POST" and getattr(request.resolver_match, "view_name", "") == "accounts:sign_out":
            response.headers["Clear-Site-Data"] = '"cache", "storage"'  # the phone forgets with the session
        return response

    return middleware


def forms_by_script(get_response: GetResponse) -> GetResponse:
    """A form that a script sent gets its way on as a header: the script must not open the next page twice."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.headers.get("X-Form") and response.status_code in REDIRECTS:
            answer = HttpResponse(status=200, headers={"X-Location": response.headers["Location"]})
            if "Idempotent-Replay" in response.headers:
                answer.headers["Idempotent-Replay"] = response.headers["Idempotent-Replay"]
            answer.cookies.update(response.cookies)
            return answer
        return response

    return middleware
