"""The mapping file: what an administrator writes so that a company's own files come in. docs/guide/mapping.md."""

import hashlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from hangbiao.rooms.actuals.errors import MappingRefused
from hangbiao.rooms.actuals.streams import STREAMS

LARGEST = 1_000_000
Text = Annotated[str, BeforeValidator(lambda v: str(v) if isinstance(v, int | bool) else v)]
OneOrMore = Annotated[list[Text], BeforeValidator(lambda v: v if isinstance(v, list) else [v])]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


M = TypeVar("M", bound=_Strict)


class Format(_Strict):
    """How the file is written."""

    kind: Literal["csv", "xlsx"] = "csv"
    encoding: str = "auto"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    quote: str = Field(default='"', min_length=1, max_length=1)
    header: bool = True
    columns: list[str] = []
    nulls: list[str] = [""]
    sheet: str = ""

    @model_validator(mode="after")
    def _columns_without_header(self) -> Self:
        if self.header == bool(self.columns):
            raise ValueError(_("header: false 时要写 columns，有表头时不写"))
        return self


class Column(_Strict):
    """Where a stream field comes from: a file column or a constant, and how it is written there."""

    source: Text | None = Field(default=None, alias="from")
    const: Text | None = None
    date: str = ""
    shift_days: int = 0
    unit: str = ""
    times: int = Field(default=1, ge=1, le=100_000_000)
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    replace: dict[str, Text] = {}

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.source is None) == (self.const is None):
            raise ValueError(_("要写 from 或 const 其中之一"))
        if self.thousands == self.decimal:
            raise ValueError(_("thousands 和 decimal 不能相同"))
        return self


ColumnLike = Annotated[Column, BeforeValidator(lambda v: {"from": v} if isinstance(v, str) else v)]


class Derive(_Strict):
    """Targets made without a file."""

    previous_period_actual: Decimal = Field(gt=0)


class Mapping(_Strict):
    """One file shape of one stream."""

    mapping: str = Field(min_length=1, max_length=80)
    title: str = ""
    stream: str
    source: str = ""
    files: str = ""
    order: int | None = None
    format: Format = Format()
    strict: bool = False
    feed: Literal["by_region", "by_file"] = "by_region"
    where: dict[str, OneOrMore] = {}
    key: list[str] = []
    columns: dict[str, ColumnLike] = {}
    derive: Derive | None = None

    @model_validator(mode="after")
    def _fits_the_stream(self) -> Self:
        troubles = list(self._troubles())
        if troubles:
            raise ValueError("；".join(troubles))
        return self

    def _troubles(self) -> Iterator[str]:
        stream = STREAMS.get(self.stream)
        if stream is None:
            yield _("没有数据流 %(stream)s，可用：%(known)s") % {
                "stream": self.stream, "known": "、".join(STREAMS)}  # fmt: skip
            return
        if self.derive and self.stream != "targets":
            yield _("derive 只能用于 targets")
        if self.derive:
            return
        if not self.files or ".." in self.files or self.files.startswith(("/", "\\")):
            yield _("files 要写数据目录里的文件名，例如 orders_*.csv")
        known = [f.name for f in stream.fields]
        for name in self.columns:
            if name not in known:
                yield _("数据流 %(stream)s 没有字段 %(field)s，可用：%(known)s") % {
                    "stream": stream.name, "field": name, "known": "、".join(known)}  # fmt: skip
        for field in stream.fields:
            if field.required and field.name not in self.columns:
                yield _("缺少必需的字段 %(field)s") % {"field": field.name}
        for name in self.key:
            if name not in self.columns:
                yield _("key 里的 %(field)s 没有在 columns 中") % {"field": name}
        if stream.name == "targets" and not {"period", "day"} & set(self.columns):
            yield _("目标要有 period 或 day")
        if stream.name == "targets" and not {"territory", "person"} & set(self.columns):
            yield _("目标要有 territory 或 person")

    @property
    def position(self) -> int:
        return self.order if self.order is not None else (90 if self.derive else STREAMS[self.stream].order)

    @property
    def key_fields(self) -> tuple[str, ...]:
        return tuple(self.key) or tuple(k for k in STREAMS[self.stream].key if k in self.columns)


class Definition(_Strict):
    """How a metric is counted: from which stream, which measure, which rows."""

    metric: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=40)
    name_en: str = Field(default="", max_length=40)
    unit: str = Field(min_length=1, max_length=12)
    decimals: int = Field(default=0, ge=0, le=4)
    direction: Literal["higher", "lower"] = "higher"
    stream: str = Field(default="", alias="from")
    measure: str = "count"
    where: dict[str, OneOrMore] = {}

    @model_validator(mode="after")
    def _measurable(self) -> Self:
        if not self.stream:  # booked by daily_totals alone
            return self
        stream = STREAMS.get(self.stream)
        if stream is None or not stream.facts or stream.name == "daily_totals":
            raise ValueError(_("from 要写一个事实数据流"))
        measure = stream.field(self.measure)
        if self.measure != "count" and (measure is None or measure.kind != "number"):
            raise ValueError(_("measure 要写 count 或数据流的一个数字字段"))
        for name in self.where:
            field = stream.field(name)
            if field is None or field.kind not in {"text", "choice"}:
                raise ValueError(_("where 里的 %(field)s 不是可以筛选的字段") % {"field": name})
        return self


class Folder(_Strict):
    """What holds for a whole mapping folder (folder.yaml, with the metrics of metrics.yaml)."""

    company: str = ""
    company_en: str = ""
    currency: str = "CNY"
    calendar: Literal["quarters"] = "quarters"
    metrics: list[Definition] = []


def load_mapping(path: Path) -> tuple[Mapping, str]:
    """Read one mapping. Gives it with its text, which is kept with every batch read through it."""
    raw, text = _yaml(path)
    return _checked(Mapping, raw, text, path.name), text


def mapping_from(text: str, name: str) -> Mapping:
    """A mapping that is kept in the database, or one that somebody has just written."""
    try:
        raw = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError):
        raise MappingRefused(name, [_("不是正确的 YAML，请检查缩进和冒号")]) from None
    if not isinstance(raw, dict):
        raise MappingRefused(name, [_("映射文件要由“键: 值”组成")])
    return _checked(Mapping, raw, text, name)


def load_folder(folder: Path) -> Folder:
    """Read folder.yaml and metrics.yaml; both may be missing."""
    merged: dict[str, Any] = {}
    text, name = "", "folder.yaml"
    for name in ("folder.yaml", "metrics.yaml"):
        if (folder / name).exists():
            raw, text = _yaml(folder / name)
            merged |= raw
    return _checked(Folder, merged, text, name)


def load_all(folder: Path) -> list[tuple[Path, Mapping, str]]:
    """All mappings of a folder in the order in which they must run."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name not in {"folder.yaml", "metrics.yaml"}:
            found.append((path, *load_mapping(path)))
    if not found:
        raise MappingRefused(folder.name, [_("目录里没有映射文件（*.yaml）")])
    return sorted(found, key=lambda f: (f[1].position, f[0].name))


def definitions_from(text: str) -> list[Definition]:
    """The definitions kept in the database."""
    return _checked(Folder, yaml.safe_load(text) or {}, text, "metrics").metrics


def definitions_text(definitions: Sequence[Definition]) -> str:
    """Definitions as they are kept: the same definitions give the same text."""
    rows = [d.model_dump(by_alias=True, exclude_defaults=True) for d in definitions]
    return yaml.safe_dump({"metrics": rows}, allow_unicode=True, sort_keys=True)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _yaml(path: Path) -> tuple[dict[str, Any], str]:
    try:
        if path.stat().st_size > LARGEST:
            raise MappingRefused(path.name, [_("映射文件过大")])
        text = path.read_text(encoding="utf-8-sig")
        raw = yaml.safe_load(text)
    except FileNotFoundError:
        raise MappingRefused(path.name, [_("没有这个映射文件")]) from None
    except UnicodeDecodeError:
        raise MappingRefused(path.name, [_("映射文件要存为 UTF-8")]) from None
    except (yaml.YAMLError, RecursionError) as wrong:
        mark = getattr(wrong, "problem_mark", None)
        where = _("第 %(line)s 行：") % {"line": mark.line + 1} if mark else ""
        raise MappingRefused(path.name, [where + _("不是正确的 YAML，请检查缩进和冒号")]) from None
    if not isinstance(raw, dict):
        raise MappingRefused(path.name, [_("映射文件要由“键: 值”组成")])
    return raw, text


def _checked(model: type[M], raw: dict[str, Any], text: str, name: str) -> M:
    try:
        return model.model_validate(raw)
    except ValidationError as wrong:
        lines = _lines(text)
        raise MappingRefused(name, [_trouble(e, lines) for e in wrong.errors()]) from None


_KINDS = {
    "missing": lazy("缺少这个键"),
    "extra_forbidden": lazy("不认识这个键"),
    "literal_error": lazy("只能是 {expected}"),
    "string_type": lazy("应当是文字"),
    "bool_type": lazy("应当是 true 或 false"),
    "bool_parsing": lazy("应当是 true 或 false"),
    "int_parsing": lazy("应当是整数"),
    "int_type": lazy("应当是整数"),
    "list_type": lazy("应当是列表"),
    "dict_type": lazy("应当是“键: 值”"),
    "model_type": lazy("应当是“键: 值”"),
    "decimal_parsing": lazy("应当是数字"),
}


def _trouble(error: Any, lines: dict[tuple[str, ...], int]) -> str:
    path = tuple(str(p) for p in error["loc"])
    line = next((lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in lines), None)
    if error["type"] == "value_error":
        said = str(error["ctx"]["error"])
    else:
        said = str(_KINDS[error["type"]]) if error["type"] in _KINDS else error["msg"]
        said = said.replace("{expected}", str(error.get("ctx", {}).get("expected", "")))
    where = _("第 %(line)s 行 ") % {"line": line} if line else ""
    return f"{where}{'.'.join(path)}: {said}" if path else f"{where}{said}"


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """Key path → line of the YAML file."""
    found: dict[tuple[str, ...], int] = {}

    def walk(node: yaml.Node, path: tuple[str, ...]) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                found[*path, str(key.value)] = key.start_mark.line + 1
                walk(value, (*path, str(key.value)))
        elif isinstance(node, yaml.SequenceNode):
            for n, item in enumerate(node.value):
                found[*path, str(n)] = item.start_mark.line + 1
                walk(item, (*path, str(n)))

    root = yaml.compose(text, Loader=yaml.SafeLoader) if text else None
    if root is not None:
        walk(root, ())
    return found
