"""The OpenAPI document as people read it: operations by topic, fields in rows, one curl line each."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from hangbiao.engines.api import errors
from hangbiao.engines.api.problems import title_of

DEEPEST = 3


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One line of a table of fields; `depth` indents what lies inside another field."""

    name: str
    kind: str
    required: bool
    said: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    name: str
    method: str
    path: str
    summary: str
    said: str
    scope: str
    parameters: list[FieldRow]
    body: list[FieldRow]
    answer: list[FieldRow]
    statuses: list[tuple[str, str]]
    curl: str


@dataclass(frozen=True, slots=True)
class Topic:
    """Operations of one room."""

    title: str
    operations: list[Operation]


def topics_of(document: dict[str, Any], host: str) -> list[Topic]:
    """Everything of the document, in its own order."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, raw in methods.items():
            tag = (raw.get("tags") or [""])[0]
            found.setdefault(tag, []).append(_operation(document, host, path, method, raw))
    return [Topic(_topic(tag), operations) for tag, operations in found.items()]


def problems_of() -> list[tuple[str, int, str]]:
    """Every kind of problem that the interface itself names: code, status, title."""
    kinds = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, errors.ApiRefusal)]
    found = [(k.code, k.status, title_of(k.status)) for k in kinds if k is not errors.ApiRefusal]
    return sorted({*found, ("invalid", 422, title_of(422))}, key=lambda one: (one[1], one[0]))


def _topic(tag: str) -> str:
    titles = {
        "board": _("看板"), "lights": _("亮灯"), "targets": _("目标"), "people": _("组织"), "calendar": _("日历"),
        "actuals": _("实际数据"), "tasks": _("待办"),
    }  # fmt: skip
    return titles.get(tag, tag)


def _operation(document: dict[str, Any], host: str, path: str, method: str, raw: dict[str, Any]) -> Operation:
    body = raw.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    good: dict[str, Any] = next((r for s, r in raw["responses"].items() if s.startswith("2")), {})
    answer = good.get("content", {}).get("application/json", {}).get("schema")
    scopes = next(iter(raw["security"][0].values()))
    return Operation(
        name=raw["operationId"],
        method=method.upper(),
        path=path,
        summary=raw.get("summary", ""),
        said=raw.get("description", ""),
        scope=scopes[0] if scopes else "",
        parameters=[
            FieldRow(p["name"], _kind(p["schema"]), p.get("required", False), p.get("description", ""))
            for p in raw.get("parameters", [])
        ],
        body=list(_fields(document, body)) if body else [],
        answer=list(_fields(document, answer)) if answer else [],
        statuses=[(status, one["description"]) for status, one in sorted(raw["responses"].items())],
        curl=_curl(document, host, path, method, raw, body),
    )


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        found: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return found
    for choice in schema.get("anyOf", []):
        if choice.get("type") != "null":
            return _resolved(document, choice)
    return schema


def _fields(document: dict[str, Any], schema: dict[str, Any], depth: int = 0) -> Iterator[FieldRow]:
    shape = _resolved(document, schema)
    if shape.get("type") == "array":
        yield from _fields(document, shape["items"], depth)
        return
    required = set(shape.get("required", []))
    for name, field in shape.get("properties", {}).items():
        yield FieldRow(name, _kind(field), name in required, field.get("description", ""), depth)
        inner = _resolved(document, field)
        inner = _resolved(document, inner["items"]) if inner.get("type") == "array" else inner
        if inner.get("properties") and depth < DEEPEST:
            yield from _fields(document, inner, depth + 1)


def _kind(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_kind(one) for one in schema["anyOf"]))
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[1])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    kind = schema.get("format") or schema.get("type", "any")
    if kind == "array":
        return f"{_kind(schema.get('items', {}))}[]"
    return str(kind)


def _curl(
    document: dict[str, Any], host: str, path: str, method: str, raw: dict[str, Any], body: Any
) -> str:
    words = ["curl", '-H "Authorization: Bearer $HANGBIAO_KEY"']
    if any(p["name"].lower() == "idempotency-key" for p in raw.get("parameters", [])):
        words.append('-H "Idempotency-Key: $(uuidgen)"')
    if body:
        example = _resolved(document, body).get("examples", [{}])[0]
        words.append('-H "Content-Type: application/json"')
        words.append(f"-d '{json.dumps(example, ensure_ascii=False)}'")
    if method not in {"get", "post"}:
        words.append(f"-X {method.upper()}")
    return " \\\n  ".join([*words, f'"{host}{path}"'])
