"""Template context of every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from hangbiao.engines.pages.frame import Frame
from hangbiao.engines.pages.manifest import built
from hangbiao.engines.pages.middleware import THEME_COOKIE, reader_mark

THEMES = ("light", "dark")


def theme_of(request: HttpRequest) -> str:
    """light, dark, or auto: the account's wish, else this browser's."""
    wish = getattr(getattr(request, "user", None), "theme", "") or request.COOKIES.get(THEME_COOKIE, "")
    return wish if wish in THEMES else "auto"


def page(request: HttpRequest) -> dict[str, Any]:
    """`page`: what base.html needs."""
    frame = getattr(request, "frame", None)
    return {
        "page": {
            "build": built(),
            "theme": theme_of(request),
            "language": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
            "languages": settings.LANGUAGES,
            "other_language": next(
                (code for code, _name in settings.LANGUAGES if code != request.LANGUAGE_CODE), "en"
            )
            if hasattr(request, "LANGUAGE_CODE")
            else "en",
            "frame": frame if isinstance(frame, Frame) else Frame(),
            "path": request.get_full_path(),
            "reader": reader_mark(request),
        }
    }
