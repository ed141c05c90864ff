"""Who may open the administrator's pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse

from hangbiao.rooms.people.roles import Role
from hangbiao.rooms.people.selectors import holds

View = Callable[..., HttpResponse]


def administrators_only(view: View) -> View:
    """Others are answered as if there were no such page."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.key is not None or not holds(request.viewer.person, Role.ADMINISTRATOR, request.viewer.on):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
