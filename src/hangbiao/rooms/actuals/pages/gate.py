"""Who may come in, and what every page of this room needs."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from hangbiao.engines.accounts.middleware import Asked
from hangbiao.rooms.people.roles import Role
from hangbiao.rooms.people.selectors import posts_on

PARTS = {"batch": "batches", "mapping": "mappings", "file": "home", "job": "home", "draft": "home"}
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Seen(Asked):
    """A request after site.middleware."""

    viewer: Any
    htmx: Any


def may_import(person: Any, on: date) -> bool:
    """Whether somebody holds an administrator's post on that day."""
    return person is not None and any(post.role == Role.ADMINISTRATOR for post in posts_on(person, on))


def for_administrators(view: View) -> View:
    """Anybody else is told that there is no such page."""

    @wraps(view)
    def guarded(request: Seen, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_import(request.viewer.person, request.viewer.on):
            raise Http404
        return view(request, *args, **kwargs)

    return cast("View", guarded)


def shown(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of this room; the navigation knows where it is."""
    around = {"here": "imports", "part": PARTS.get(template, template)}
    response = render(request, f"actuals/{template}.html", around | context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
