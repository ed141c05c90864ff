"""The administrator's page of accounts: who can sign in, invitations, closing and opening."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hangbiao.engines.accounts.errors import AccountError
from hangbiao.engines.accounts.middleware import Asked
from hangbiao.engines.accounts.pages.around import back, origin_of
from hangbiao.engines.accounts.proof import recently_proven
from hangbiao.engines.accounts.selectors import mail_folder
from hangbiao.engines.pages.numbers import name_of
from hangbiao.engines.pages.tables import Column, Row, Table, files_of
from hangbiao.rooms.people import accounts
from hangbiao.rooms.people.errors import PeopleError
from hangbiao.rooms.people.roles import Role
from hangbiao.rooms.people.roster import STATES, everybody_on_the_list, roster
from hangbiao.rooms.people.selectors import person_called, roles_of

View = Callable[..., HttpResponse]


def administrators_only(view: View) -> View:
    """For everybody else the page does not exist."""

    @wraps(view)
    def guarded(request: Asked, *args: Any, **kwargs: Any) -> HttpResponse:
        person = getattr(request.user, "person", None)
        on = request.viewer.on  # type: ignore[attr-defined]
        if person is None or Role.ADMINISTRATOR not in roles_of(person, on):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@administrators_only
def listed(request: Asked) -> HttpResponse:
    """The list."""
    state = request.GET.get("state", "all")
    search = request.GET.get("q", "").replace("\0", "").strip()[:80]
    page = request.GET.get("page", "1")
    wanted: dict[str, Any] = {
        "state": state if state in STATES else "all", "search": search, "wall": request.wall,
        "on": request.viewer.on,  # type: ignore[attr-defined]
    }  # fmt: skip
    found = roster(page=int(page) if page.isdecimal() and len(page) < 8 else 1, **wanted)  # noqa: PLR2004 - more than people
    context = {
        "here": "accounts",
        "roster": found,
        "state": state if state in STATES else "all",
        "search": search,
        "states": _state_names(),
        "folder": mail_folder(),
        "files": _files(request, found.counts[wanted["state"]], wanted),
    }
    response = render(request, "people/accounts.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _files(request: Asked, total: int, wanted: dict[str, Any]) -> Table:
    """The same list whole, as a file."""
    columns = [
        Column("code", _("编号")), Column("name", _("姓名")), Column("role", _("岗位")), Column("unit", _("单位")),
        Column("mail", _("邮箱")), Column("state", _("状态")), Column("seen", _("最近登录")), Column("second", _("两步验证")),
    ]  # fmt: skip
    states = {**dict(_state_names()), "no_password": _("没有密码")}

    def whole() -> Iterator[Row]:
        for line in everybody_on_the_list(**wanted):
            yield Row({
                "code": line.person.code, "name": name_of(line.person), "role": line.role,
                "unit": name_of(line.post.unit) if line.post else "", "mail": line.person.mail, "state": states[line.state],
                "seen": line.last_seen, "second": _("已启用") if line.second_step else "",
            })  # fmt: skip

    return files_of(request, name="accounts", caption=_("账号"), columns=columns, total=total, whole=whole)


@require_POST
@administrators_only
def invite(request: Asked) -> HttpResponse:
    """Letters to those who are ticked; says who got none, and why."""
    codes = [code for code in request.POST.getlist("person") if "\0" not in code]
    if not codes:
        messages.error(request, _("没有选择任何人。请先勾选，再发送邀请。"))
        return _to_the_list(request)
    done = accounts.invite_people(
        codes=codes, origin=origin_of(request), at=request.at, actor=request.user.actor
    )
    if done.letters:
        messages.success(request, _("正在发送 %(n)s 封邀请。") % {"n": done.letters})
    for sentence in done.refused[:5]:
        messages.error(request, sentence)
    if len(done.refused) > 5:  # noqa: PLR2004 - as many as one can read
        messages.error(request, _("另有 %(n)s 人没有发送，原因相同。") % {"n": len(done.refused) - 5})
    return _to_the_list(request)


@require_POST
@administrators_only
def mail(request: Asked, code: str) -> HttpResponse:
    """Where letters to somebody go."""
    return _change(
        request, code, accounts.give_mail, _("邮箱已保存。"), mail=request.POST.get("mail", "")[:254]
    )


@require_POST
@administrators_only
def close(request: Asked, code: str) -> HttpResponse:
    """Nobody enters by it any more."""
    return _change(request, code, accounts.close_account_of, _("账号已停用，正在使用的设备会立即退出。"))


@require_POST
@administrators_only
@recently_proven
def forget_second_step(request: Asked, code: str) -> HttpResponse:
    """Phone and codes are lost."""
    said = _("两步验证已重置，那些设备已退出；下次登录时重新添加。")
    return _change(request, code, accounts.forget_second_step_of, said, wall=request.wall)


@require_POST
@administrators_only
@recently_proven
def unlink(request: Asked, code: str) -> HttpResponse:
    """Another account at the sign-on service."""
    return _change(request, code, accounts.unlink_sign_on_of, _("绑定已解除，下次登录时按人员名单重新绑定。"))


@require_POST
@administrators_only
def reopen(request: Asked, code: str) -> HttpResponse:
    """It can be entered again."""
    return _change(request, code, accounts.reopen_account_of, _("账号已重新开通。"))


def _change(request: Asked, code: str, verb: Callable[..., None], said: str, **more: Any) -> HttpResponse:
    person = None if "\0" in code else person_called(code)
    if person is None:
        raise Http404
    try:
        verb(person=person, at=request.at, actor=request.user.actor, **more)
        messages.success(request, f"{person.name}：{said}")
    except (PeopleError, AccountError) as refusal:
        messages.error(request, refusal.sentence())
    return _to_the_list(request)


def _to_the_list(request: Asked) -> HttpResponse:
    kept = {key: request.POST[key] for key in ("state", "q", "page") if request.POST.get(key)}
    return back(f"/accounts/?{urlencode(kept)}" if kept else "/accounts/")


def _state_names() -> list[tuple[str, str]]:
    return [
        ("all", _("全部")),
        ("without", _("没有账号")),
        ("invited", _("没有密码")),
        ("open", _("已开通")),
        ("closed", _("已停用")),
    ]
