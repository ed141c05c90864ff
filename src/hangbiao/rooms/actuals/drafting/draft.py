"""Draft a mapping: which stream a file is, which column is which field, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from hangbiao.rooms.actuals import wording
from hangbiao.rooms.actuals.drafting import words
from hangbiao.rooms.actuals.drafting.contents import Contents, contents_of
from hangbiao.rooms.actuals.frames import Known
from hangbiao.rooms.actuals.mapping import Format
from hangbiao.rooms.actuals.streams import STREAMS, Field, Stream

ENOUGH, ALONE = 28, 40  # for a column whose name helps; for what stands in it alone
TEN_THOUSAND = 10_000


@dataclass(slots=True)
class Guess:
    """Where a field comes from, how it is written there, and why that is believed."""

    name: str
    source: str = ""
    const: str = ""
    date: str = ""
    decimal: str = "."
    thousands: str = ""
    times: int = 1
    replace: dict[str, str] = field(default_factory=dict)
    because: str = ""
    doubt: str = ""
    score: int = 0


@dataclass(slots=True)
class Draft:
    """A drafted mapping: guesses by field, what is missing, what no field wants."""

    stream: str
    form: Format
    header: list[str]
    guesses: dict[str, Guess]
    missing: list[str]
    unused: list[str]
    key: list[str]
    why_stream: str = ""
    score: int = 0


@dataclass(frozen=True, slots=True)
class Names:
    """What codes may be called instead: names of people, territories and metrics, name → code."""

    people: Mapping[str, str]
    territories: Mapping[str, str]
    metrics: Mapping[str, str]


def draft_for(
    file_name: str, form: Format, header: Sequence[str], rows: Sequence[Sequence[str]], known: Known, names: Names,
    stream: str = "",
) -> Draft:  # fmt: skip
    """The best draft, over all streams or for the one that somebody chose."""
    columns = [
        contents_of(name, [row[n] for row in rows if n < len(row)], known)
        for n, name in enumerate(header)
        if name
    ]
    wanted = [STREAMS[stream]] if stream else list(STREAMS.values())
    drafts = [_draft(one, form, columns, rows, header, names, file_name) for one in wanted]
    best = max(drafts, key=lambda d: d.score)
    best.why_stream = _("由你选定。") if stream else _why(best, file_name)
    return best


def _draft(
    stream: Stream, form: Format, columns: Sequence[Contents], rows: Sequence[Sequence[str]], header: Sequence[str],
    names: Names, file_name: str,
) -> Draft:  # fmt: skip
    guesses = _assign(stream, columns, names)
    _fill_in(stream, guesses, rows, header)
    missing = [f.name for f in stream.fields if f.required and f.name not in guesses]
    if stream.name == "targets":
        missing += [] if {"period", "day"} & set(guesses) else ["period"]
        missing += [] if {"territory", "person"} & set(guesses) else ["territory"]
    used = {g.source for g in guesses.values()}
    unused = [c.header for c in columns if c.header not in used]
    needed = [f for f in stream.fields if f.required]
    whole = sum(g.score for g in guesses.values() if g.source) + 8 * words.hint_for(stream.name, file_name)
    score = whole - 80 * len(missing) - 12 * len(unused) + 3 * len([f for f in needed if f.name in guesses])
    nulls = sorted({n for c in columns for n in c.nulls})
    form = form.model_copy(update={"nulls": ["", *nulls]}) if nulls else form
    key = [k for k in stream.key if k in guesses]
    return Draft(stream.name, form, list(header), guesses, missing, unused, key, score=score)


def _assign(stream: Stream, columns: Sequence[Contents], names: Names) -> dict[str, Guess]:
    """Pairs of field and column, the surest first, each column once and each field once."""
    pairs = sorted(
        (
            (score, -place, -n, one, column, said)
            for place, one in enumerate(stream.fields)
            for n, column in enumerate(columns)
            for score, said in [_score(one, column, names)]
            if score >= ENOUGH
        ),
        key=lambda p: p[:3],
        reverse=True,
    )
    guesses: dict[str, Guess] = {}
    taken: set[str] = set()
    for score, _place, _n, one, column, said in pairs:
        if one.name not in guesses and column.header not in taken:
            guesses[one.name] = _guess(one, column, said, score, names)
            taken.add(column.header)
    return guesses


def _score(one: Field, column: Contents, names: Names) -> tuple[int, str]:
    """How well a column fits a field, and the first half of the explanation."""
    score, word = words.likeness(one.name, column.header)
    said = _("列名就是“%(name)s”") % {"name": column.header}
    if word and word != words.plain(column.header):
        said = _("列名“%(name)s”里有“%(word)s”") % {"name": column.header, "word": word}
    if not word:
        said = ""
    if column.empty:
        return score - 10, said
    holds, why = _holds(one, column, names)
    enough = ALONE if one.name != "day" else ENOUGH  # of the many days that people's files hold a name must speak
    if holds < 0 or (not word and holds < enough):
        return 0, ""
    return score + holds, _("；").join(filter(None, [said, why]))


def _holds(one: Field, column: Contents, names: Names) -> tuple[int, str]:
    """What the cells say for or against a field; negative where they cannot be it."""
    if one.kind == "date":
        return (30, _("内容是这样的日期：%(form)s") % {"form": _shown(column.day)}) if column.day else (-1, "")
    if one.kind in {"number", "decimal", "coordinate", "whole"}:
        fits = column.number and not (column.day and not words.likeness(one.name, column.header)[0])
        return (15, _("内容是数字")) if fits else (-1, "")
    if one.kind == "flag":
        return (20, _("内容是“是/否”")) if column.flags else (-1, "")
    if one.kind == "choice":
        known = set(one.choices) | {k for k, v in words.MEANINGS.get(one.name, {}).items() if v in one.choices}
        fits = column.distinct <= known
        return (40, _("内容认得：%(some)s") % {"some": _some(column)}) if fits else (-1, "")
    return _codes(one, column, names)


def _codes(one: Field, column: Contents, names: Names) -> tuple[int, str]:
    shares = {
        "rep": (column.people, names.people, _("人员")), "person": (column.people, names.people, _("人员")),
        "vacancy_owner": (column.people, names.people, _("人员")),
        "territory": (column.territories, names.territories, _("片区")),
        "metric": (column.metrics, names.metrics, _("指标")),
    }  # fmt: skip
    if one.name not in shares:
        return 0, ""
    share, called, what = shares[one.name]
    if share >= 0.5:  # noqa: PLR2004 - more than half of the cells are known codes
        said = _("%(n)s%% 的内容是已知的%(what)s编号") % {"n": int(100 * share), "what": what}
        return 45, said
    if column.distinct and column.distinct <= set(called):
        return 45, _("内容是已知的%(what)s名称，会换成编号") % {"what": what}
    return 0, ""


def _shown(form: str) -> str:
    """A format as people say it."""
    said = {
        "%Y": "YYYY", "%m": "MM", "%d": "DD", "%y": "YY", "%H": "hh", "%I": "hh", "%M": "mm", "%S": "ss", "%f": "000",
        "%b": "Mon", "%p": "AM",
    }  # fmt: skip
    for code, word in said.items():
        form = form.replace(code, word)
    return form


def _some(column: Contents) -> str:
    return wording.listed(sorted(column.distinct)[:4])


def _guess(one: Field, column: Contents, said: str, score: int, names: Names) -> Guess:
    guess = Guess(one.name, source=column.header, because=said, score=score)
    if one.kind == "date":
        guess.date = column.day
        if column.other_day:
            guess.doubt = _("也可能是 %(other)s，请核对。") % {"other": _shown(column.other_day)}
    if one.kind in {"number", "decimal", "coordinate"}:
        guess.decimal, guess.thousands = {"german": (",", "."), "english": (".", ",")}.get(column.number, (".", ""))
        if "万" in column.header and one.name in {"net_amount", "base", "stretch", "value"}:
            guess.times = TEN_THOUSAND
            guess.because += _("；列名说单位是万，乘以 10000")
    meanings = words.MEANINGS.get(one.name, {}) if one.kind == "choice" or one.name == "role" else {}
    if one.name == "channel":
        meanings = {}
    called = {"rep": names.people, "person": names.people, "vacancy_owner": names.people,
              "territory": names.territories, "metric": names.metrics}.get(one.name, {})  # fmt: skip
    guess.replace = {c: meanings[c] for c in sorted(column.distinct) if c in meanings and meanings[c] != c}
    if one.name == "metric" or (called and column.distinct <= set(called)):
        guess.replace = {c: called[c] for c in sorted(column.distinct) if c in called and called[c] != c}
    return guess


def _fill_in(
    stream: Stream, guesses: dict[str, Guess], rows: Sequence[Sequence[str]], header: Sequence[str]
) -> None:
    """What files leave unsaid and everybody means."""
    if stream.name == "order_lines":
        if "side" not in guesses:
            because = _("文件没有说口径，按发货（sell_in）")
            guesses["side"] = Guess("side", const="sell_in", because=because)
        if "line" not in guesses and "order" in guesses:
            _tell_lines_apart(guesses, rows, header)
    if stream.name == "people":
        if "role" not in guesses:
            guesses["role"] = Guess("role", const="rep", because=_("文件没有岗位，都当业务代表"))
        if "person" in guesses and "name" not in guesses:
            guesses["name"] = Guess("name", source=guesses["person"].source, because=_("没有姓名列，用编号代替"))
    if stream.name == "outlets" and "kind" not in guesses:
        guesses["kind"] = Guess("kind", const="customer", because=_("文件没有说，都当客户"))
    if stream.name == "targets" and "metric" not in guesses:
        guesses["metric"] = Guess("metric", const="sales", because=_("文件没有指标列，当销售额"), doubt=_("请核对指标编号。"))


def _tell_lines_apart(
    guesses: dict[str, Guess], rows: Sequence[Sequence[str]], header: Sequence[str]
) -> None:
    """Without a line number: one line an order, or the column that differs inside every order."""
    order = header.index(guesses["order"].source)
    orders = [row[order] for row in rows if order < len(row)]
    if len(set(orders)) == len(orders):
        guesses["line"] = Guess("line", const="1", because=_("每个订单号只出现一次，行号固定为 1"))
        return
    for wish in ("sku", "outlet", "rep"):
        if wish in guesses:
            place = header.index(guesses[wish].source)
            pairs = [(row[order], row[place]) for row in rows if max(order, place) < len(row)]
            if len(set(pairs)) == len(pairs):
                said = _("没有行号列；“%(name)s”在同一订单里不重复，用它区分各行")
                source = guesses[wish].source
                guesses["line"] = Guess("line", source=source, because=said % {"name": source})
                return


def _why(draft: Draft, file_name: str) -> str:
    needed = [f for f in STREAMS[draft.stream].fields if f.required]
    there = len([f for f in needed if f.name in draft.guesses])
    said = _("需要的 %(all)s 个字段找到了 %(n)s 个") % {"all": len(needed), "n": there}
    if words.hint_for(draft.stream, file_name):
        said += _("，文件名也这样说")
    return said + _("。")
