"""Refusals as RFC 9457 says them: application/problem+json with a sentence in the reader's language."""

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Schema

from hangbiao.engines.api.words import lazily as gettext_lazy

MEDIA_TYPE = "application/problem+json"
KINDS = "/api/docs#problem-"


class FieldTrouble(Schema):
    """One field that cannot be accepted."""

    field: str = Field(description=gettext_lazy("哪一项，例如 body.rows.0.value"))
    code: str
    detail: str


class Problem(Schema):
    """RFC 9457. `type` names the kind of problem, `detail` is a sentence for people."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FieldTrouble] = []


def title_of(status: int) -> str:
    """What the status means, in two or three words."""
    titles = {
        400: _("请求有误"), 401: _("需要登录或密钥"), 403: _("没有权限"), 404: _("没有找到"), 405: _("方法不支持"),
        409: _("与现状冲突"), 413: _("请求过大"), 415: _("格式不支持"), 422: _("内容不能接受"), 429: _("请求过多"),
        500: _("服务器出错"),
    }  # fmt: skip
    return titles.get(status, _("请求有误"))


def sentence_of(status: int) -> str:
    """For refusals that come from the framework and say nothing themselves."""
    sentences = {
        401: _("请带上密钥（Authorization: Bearer …），或先登录。"),
        403: _("不允许这样做。"),
        404: _("没有找到，或者不在你可以看到的范围内。请核对编号。"),
        405: _("这个地址不支持该方法，可用的方法见 Allow。"),
        413: _("请求太大。请分成几次发送。"),
        500: _("服务器出错，没有保存任何内容。请稍后再试；如果再次出现，请告诉系统管理员时间和地址。"),
    }
    return sentences.get(status, _("请求不能处理。请对照 /api/docs 检查。"))


def answer(
    request: HttpRequest,
    status: int,
    code: str,
    detail: str = "",
    *,
    errors: Iterable[dict[str, str]] = (),
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """A problem as a response."""
    said: dict[str, Any] = {
        "type": KINDS + code,
        "title": title_of(status),
        "status": status,
        "detail": detail or sentence_of(status),
        "instance": request.path,
        "errors": list(errors),
    }
    text = json.dumps(said, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=MEDIA_TYPE, headers=headers or {})


def refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    """A refusal of any room: it has `status` and `sentence()`, perhaps `code` and `headers`."""
    code = getattr(refusal, "code", "") or _kebab(type(refusal).__name__)
    return answer(request, refusal.status, code, refusal.sentence(), headers=getattr(refusal, "headers", None))


def invalid(request: HttpRequest, troubles: Iterable[dict[str, Any]]) -> HttpResponse:
    """What pydantic found in the parameters or the body."""
    errors = [
        {
            "field": ".".join(str(step) for step in one["loc"]),
            "code": one["type"],
            "detail": _said(one["type"], one.get("ctx", {})),
        }
        for one in troubles
    ]
    return answer(
        request, 422, "invalid", _("请求里有 %(n)s 处不能接受。") % {"n": len(errors)}, errors=errors[:100]
    )


def _said(kind: str, facts: dict[str, Any]) -> str:
    sentences = {
        "missing": _("缺少这一项。"),
        "extra_forbidden": _("不认识这一项。"),
        "json_invalid": _("不是正确的 JSON。"),
        "string_too_long": _("文字太长。"),
        "string_too_short": _("不能为空。"),
        "too_long": _("条目太多。"),
        "too_short": _("至少要有一条。"),
        "literal_error": _("只能是 %(expected)s。"),
        "enum": _("只能是 %(expected)s。"),
    }
    if kind in sentences:
        return sentences[kind] % {"expected": facts.get("expected", "")}
    families = {
        "int": _("应当是整数。"), "string": _("应当是文字。"), "date": _("应当是 2026-11-26 这样的日期。"),
        "list": _("应当是列表。"), "dict": _("应当是对象。"), "model": _("应当是对象。"), "bool": _("应当是 true 或 false。"),
        "greater": _("数值太小。"), "less": _("数值太大。"),
    }  # fmt: skip
    return families.get(kind.split("_", maxsplit=1)[0], _("这个值不能接受。"))


def _kebab(name: str) -> str:
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")
