"""Who looks, what they may see, and what stands around their page: set once, before any view."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from hangbiao.engines.accounts import sessions
from hangbiao.engines.pages.frame import Frame, Place
from hangbiao.engines.pages.numbers import name_of
from hangbiao.engines.scope.context import Scope, acting
from hangbiao.rooms.board import words
from hangbiao.rooms.desk.inbox import how_many
from hangbiao.rooms.desk.selectors import unread_lately
from hangbiao.rooms.desk.services import look_at_person
from hangbiao.rooms.people.viewer import Viewer, viewer_of
from hangbiao.site.clock import ZONE

OK = 200
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
        if viewer.person and viewer.person.left_on and viewer.person.left_on < viewer.on:
            sessions.end(request, wall=request.wall, why="has left")
            request.user = sessions.Stranger()
            return get_response(request)
        request.viewer, request.frame = viewer, frame_for(viewer, request.user, request.at)
        with acting(viewer.scope):
            response = get_response(request)
        if getattr(response, "streaming", False) and not getattr(response, "is_async", False):
            streamed: Any = response
            streamed.streaming_content = carried(viewer.scope, get_language() or "", streamed.streaming_content)
        return response

    return middleware


def carried(scope: Scope, language: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """A download is read when the middleware is long done: each of its steps acts in the reader's scope and language."""
    steps = iter(chunks)
    while True:
        with acting(scope), override(language or settings.LANGUAGE_CODE):
            try:
                chunk = next(steps)
            except StopIteration:
                return
        yield chunk


def viewer_of_key(key: Any, *, at: datetime, on: date) -> Viewer:
    """A program sees what lies below the paths of its key, whoever owns it."""
    scope = Scope(reason=f"{key.actor}: {key.reason}", paths=tuple(key.paths), account_id=key.owner_id)
    return Viewer(person=None, role="integrator", scope=scope, at=at, on=on, account_id=key.owner_id)


def what_was_looked_at(get_response: GetResponse) -> GetResponse:
    """Whoever opens a person's page (or their own) has looked at that person's light: the inbox forgets it."""

    def middleware(request: Any) -> HttpResponse:
        response = get_response(request)
        shown = getattr(request, "shown_person", None)
        if shown is not None and request.method == "GET" and response.status_code == OK:
            look_at_person(account=request.user.pk, person=shown, at=request.at)
        return response

    return middleware


def frame_for(viewer: Viewer, account: Any, at: datetime) -> Frame:
    """Name, navigation and the demo clock."""
    return Frame(
        name=name_of(account),
        role=words.role(viewer.role),
        places=places_of(viewer),
        demo_at=at.astimezone(ZONE) if settings.DEMO else None,
        may_move_clock=settings.DEMO,
        configures=viewer.role == "administrator",
    )


def _reads_rules(viewer: Viewer) -> bool:
    return bool({"executive", "hrbp"} & viewer.roles)


def places_of(viewer: Viewer) -> list[Place]:
    """Where the viewer can go; what does not fit a phone's bottom bar stands on the profile page there."""
    inbox = Place("inbox", _("待办"), "/inbox/", "inbox", count=lambda: how_many(viewer))
    notices = Place(
        "notifications", _("通知"), "/notifications/", "bell", count=lambda: unread_lately(viewer.account_id, viewer.at)
    )
    common = [inbox, notices, Place("profile", _("我的"), "/profile/", "user")]
    journal = Place("journal", _("日志"), "/journal/", "book", bar=viewer.role == "auditor")
    also = [journal] if "auditor" in viewer.roles else []  # whatever else somebody is
    talks = Place("reviews", _("复盘"), "/reviews/", "messages", bar=False)
    mine = [Place("me", _("目标"), "/me/", "target")] if "rep" in viewer.roles else []
    if viewer.sees_results_of_others:
        search = Place("search", _("搜索"), "/search/", "search", bar=not mine)
        deputies = Place("deputies", _("代理"), "/deputies/", "user-share", bar=False)
        board = Place("board", _("区域看板"), "/board/", "layout-dashboard")
        rules = [Place("rules", _("亮灯规则"), "/studio/rules/", "adjustments", bar=False)] if _reads_rules(viewer) else []
        return [*mine, board, inbox, search, *common[1:], talks, deputies, *rules, *also]
    if mine:
        return [*mine, *common, talks, *also]
    if viewer.role == "administrator":
        return [
            Place("accounts", _("账号"), "/accounts/", "users"),
            Place("imports", _("数据导入"), "/imports/", "database-import"),
            *common,
            Place("rules", _("亮灯规则"), "/studio/rules/", "adjustments", bar=False),
            Place("schedule", _("自动运行"), "/studio/schedule/", "clock", bar=False),
            Place("messages", _("消息"), "/studio/messages/", "messages", bar=False),
            Place("flows", _("流程"), "/studio/flows/", "git-branch", bar=False),
            Place("keys", _("接口密钥"), "/admin/keys/", "key", bar=False),
            Place("webhooks", "Webhook", "/admin/webhooks/", "webhook", bar=False),
            Place("errors", _("程序错误"), "/admin/errors/", "bug", bar=False),
            Place("styleguide", _("设计样张"), "/styleguide/", "palette", bar=False),
            *also,
        ]
    if viewer.role == "auditor":
        return [journal, *common]
    if viewer.role == "integrator":
        return [Place("api", _("接口文档"), "/api/docs", "api"), *common]
    return common
