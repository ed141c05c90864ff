"""Who looks, what they may see, and what stands around their page: set once, before any view."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from hangbiao.engines.pages.frame import Frame, Place
from hangbiao.engines.scope.context import Scope, acting
from hangbiao.rooms.board import words
from hangbiao.rooms.board.viewer import Viewer, viewer_of
from hangbiao.site.clock import ZONE

GetResponse = Callable[[HttpRequest], HttpResponse]


def scope_of_the_viewer(get_response: GetResponse) -> GetResponse:
    """Act in the reader's scope for the whole request; strangers act in none, so any scoped read refuses."""

    def middleware(request: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        on = request.at.astimezone(ZONE).date()
        key = getattr(request, "key", None)
        viewer = (
            viewer_of_key(key, at=request.at, on=on) if key else viewer_of(request.user, at=request.at, on=on)
        )
        request.viewer, request.frame = viewer, frame_for(viewer, request.user, request.at)
        with acting(viewer.scope):
            return get_response(request)

    return middleware


def viewer_of_key(key: Any, *, at: datetime, on: date) -> Viewer:
    """A program sees what lies below the paths of its key, whoever owns it."""
    scope = Scope(reason=f"{key.actor}: {key.reason}", paths=tuple(key.paths), account_id=key.owner_id)
    return Viewer(person=None, role="integrator", scope=scope, at=at, on=on)


def frame_for(viewer: Viewer, account: Any, at: datetime) -> Frame:
    """Name, navigation and the demo clock."""
    profile = Place("profile", _("我的"), "/profile/", "user")
    if viewer.sees_results_of_others:
        places = [Place("board", _("区域看板"), "/board/", "layout-dashboard")]
    elif viewer.role == "rep":
        places = [Place("me", _("目标"), "/me/", "target")]
    else:
        places = []
    if viewer.role == "administrator":
        places += [
            Place("errors", _("程序错误"), "/admin/errors/", "bug"),
            Place("styleguide", _("设计样张"), "/styleguide/", "palette", bar=False),
        ]
    return Frame(
        name=account.name,
        role=words.role(viewer.role),
        places=[*places, profile],
        demo_at=at.astimezone(ZONE) if settings.DEMO else None,
        may_move_clock=settings.DEMO,
        configures=viewer.role == "administrator",
    )
