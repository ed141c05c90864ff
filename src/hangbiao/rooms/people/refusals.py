"""Rows that the people room refuses, in words: one place for the sentences that several services say."""

from datetime import date

from django.utils.translation import gettext as _

from hangbiao.rooms.people.rows import RowRefusal


def no_unit(index: int, column: str, code: str) -> RowRefusal:
    return RowRefusal(
        index,
        column,
        code,
        _("没有编号为 %(code)s 的单位。") % {"code": code},
        _("请先导入该单位，或改正编号。"),
    )


def no_person(index: int, column: str, code: str) -> RowRefusal:
    return RowRefusal(
        index,
        column,
        code,
        _("没有编号为 %(code)s 的人员。") % {"code": code},
        _("请先导入该人员，或改正编号。"),
    )


def no_territory(index: int, code: str) -> RowRefusal:
    reason = _("没有编号为 %(code)s 的片区。") % {"code": code}
    return RowRefusal(index, "territory", code, reason, _("请先导入该片区，或改正编号。"))


def ends_first(index: int, column: str, end: date) -> RowRefusal:
    return RowRefusal(index, column, end.isoformat(), _("结束日早于开始日。"), _("请改正日期。"))


def username_taken(index: int, username: str) -> RowRefusal:
    reason = _("登录名 %(username)s 已经属于别人。") % {"username": username}
    return RowRefusal(index, "username", username, reason, _("请换一个登录名，或留空。"))
