"""Every part in every state, drawn by the very functions that pages use. A new part without an exhibit fails the suite."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django import forms
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from hangbiao.engines.pages import charts, fields, lamps, numbers, parts, progress, tables, trend, waterfall
from hangbiao.engines.pages.markup import drawn
from hangbiao.engines.pages.tables import Column, Row, Table, table_of

Draw = Callable[[str], Any]
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True, slots=True)
class State:
    """A part in one state, in both languages."""

    title: str
    zh: Any
    en: Any


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A part: its name as a tag or template, how it is asked for, its states."""

    name: str
    use: str
    states: Sequence[State]


def _shown(name: str, use: str, **draws: Draw) -> Exhibit:
    states = []
    for title, draw in draws.items():
        pair = []
        for language in LANGUAGES:
            with translation.override(language):
                pair.append(draw(language[:2]))
        states.append(State(title.replace("_", " "), *pair))
    return Exhibit(name, use, states)


def exhibits(request: HttpRequest) -> list[Exhibit]:
    """All of them, in the order in which one meets them."""
    return [*_lights(), *_charts(), *_furniture(), *_states(), *_tables(request), *_forms(request), *_words()]


def _lights() -> list[Exhibit]:
    strip = [lamps.Lamp("#x-lamps_of", "P1", light, "") for light in ("red", "yellow", "green", "grey")]
    marks = [lamps.Mark(f"W{2 * n}", light) for n, light in enumerate(("red", "yellow", "green", "grey", ""), 1)]
    columns = [lamps.Share("W2", 18, 2, 3), lamps.Share("W4", 18, 5, 4), lamps.Share("W6", 18, 0, 1)]
    greys = ("no_data", "feed_late", "too_early", "no_target", "on_leave", "not_rated")
    return [
        _shown(
            "lamp", '{% lamp "red" %}',
            **{light: lambda _l, light=light: lamps.lamp(light) for light in lamps.SHAPES},
            grey_says_why=lambda _l: drawn(*[lamps.lamp("grey", why) + " " for why in greys]),
            recovering=lambda _l: lamps.lamp("green", "", "recovering"),
            pill=lambda _l: lamps.lamp("red", css="pill"),
        ),
        _shown("bare_lamp", '{% bare_lamp "yellow" %}', all=lambda _l: drawn(*map(lamps.bare, lamps.SHAPES))),
        _shown("lamps_of", "{% lamps_of name members %}", arrows_walk=lambda lang: lamps.strip_of(f"R1 {lang}", strip),
               one_of_many=lambda lang: lamps.strip_of(f"R2 {lang}", strip * 12)),
        _shown("light_history", "{% light_history marks big=True %}", row=lambda _l: lamps.history(marks),
               big=lambda _l: lamps.history(marks, big=True)),
        _shown("shares", "{% shares columns %}", three_refreshes=lambda _l: lamps.shares(columns)),
        _shown("light_mix", "{% light_mix red yellow grey green %}", many=lambda _l: lamps.mix(41, 87, 12, 560),
               nobody=lambda _l: lamps.mix(0, 0, 0, 0)),
    ]  # fmt: skip


def _charts() -> list[Exhibit]:
    bar = charts.Bar(Fraction(35, 100), Fraction(59, 100), Fraction(6, 5), Fraction(3, 5), Fraction(65, 100), Fraction(7, 10))
    ahead = charts.Bar(Fraction(11, 10), Fraction(59, 100), Fraction(6, 5))
    first = date(2026, 9, 30)
    now, weeks = 8, 13
    past = [trend.Point(first + timedelta(weeks=n), n / weeks, n / 17) for n in range(now)]
    ahead_of = [(n, n / 17, (n - now) / 60) for n in range(now, weeks + 1)]
    points = past + [
        trend.Point(first + timedelta(weeks=n), n / weeks, None if give else to, to, to - give, to + give)
        for n, to, give in ahead_of
    ]
    today = first + timedelta(weeks=now)
    alone = [trend.Point(p.day, p.plan, p.actual) for p in points]

    def amount(minor: int) -> str:
        return numbers.amount(minor, "CNY", 2)

    steps = (("A", 61_000_000, True), ("B", -18_000_000, False), ("C", 4_000_000, False), ("D", 47_000_000, True))

    def fall() -> list[waterfall.Piece]:
        return [waterfall.Piece(label, minor, amount(minor), total) for label, minor, total in steps]

    return [
        _shown("bullet", "{% bullet bar %}", behind=lambda _l: charts.bullet(bar), ahead=lambda _l: charts.bullet(ahead)),
        _shown("bullet_big", "{% bullet_big bar base stretch %}",
               with_forecast=lambda _l: charts.bullet_big(bar, amount(61_000_000), amount(73_200_000)),
               without=lambda _l: charts.bullet_big(ahead)),
        _shown("meter", "{% meter done of label %}", some=lambda _l: charts.meter(9, 15, "9 / 15"),
               all=lambda _l: charts.meter(15, 15, "15 / 15"), none=lambda _l: charts.meter(0, 0, "0")),
        _shown("spark", "{% spark weekly %}", falling=lambda _l: charts.spark([1.1, 1.0, 0.9, 0.7, 0.75, 0.5]),
               nothing_yet=lambda _l: charts.spark([]) or "–"),
        _shown("trend", "{% trend trend 420 230 %}", with_forecast=lambda _l: trend.draw(trend.Trend(points, today, "A")),
               without=lambda _l: trend.draw(trend.Trend(alone, today, "A"))),
        _shown("waterfall", "{% waterfall pieces label %}", gap=lambda _l: waterfall.draw(fall(), "A"),
               nothing_yet=lambda _l: waterfall.draw([], "A") or "–"),
        _shown("tile_grid", "{% tile_grid tiles %}", provinces=lambda _l: parts.tile_grid(_tiles())),
    ]  # fmt: skip


def _tiles() -> list[parts.Tile]:
    # zh: names of places, both languages side by side
    where = (("山东", "SD", "r0 c3", "green"), ("河南", "HA", "r1 c2", "yellow"), ("江苏", "JS", "r1 c3", "green"),
             # zh: as above
             ("四川", "SC", "r2 c0", "red"), ("安徽", "AH", "r2 c2", "grey"))  # fmt: skip
    chinese = numbers.is_chinese()
    return [
        parts.Tile(zh if chinese else en, zh, f"{60 + 9 * n}%", light, "#x-tile_grid" if n else "", place, n == 1)
        for n, (zh, en, place, light) in enumerate(where)
    ]


def _furniture() -> list[Exhibit]:
    def happened(_lang: str) -> Any:
        return parts.timeline([
            parts.Happening(date(2026, 11, 25), str(_("检查点")), lamps.lamp("red")),
            parts.Happening(date(2026, 11, 23), str(_("已提交"))),
        ])  # fmt: skip

    def snippet(name: str) -> Draw:
        return lambda lang: render_to_string(f"pages/parts/{name}.html", {"lang": lang})

    return [
        _shown("steps", "{% steps items %}", under_way=lambda _l: parts.steps([
            parts.Step(str(_("已提交")), parts.DONE, "11-23"), parts.Step(str(_("等待确认")), parts.NOW, "2 / 3"),
            parts.Step(str(_("办结")), parts.TODO)])),
        _shown("timeline", "{% timeline items %}", two=happened),
        _shown("buttons", "pages/parts/buttons.html", all=snippet("buttons")),
        _shown("tags", "pages/parts/tags.html", all=snippet("tags")),
        _shown("facts", "pages/parts/facts.html", pairs=snippet("facts")),
        _shown("menu", "pages/parts/menu.html", closed=snippet("menu")),
        _shown("drawer", "pages/parts/drawer.html", link=snippet("drawer")),
        _shown("toast", "pages/parts/toast.html", said=snippet("toast")),
        _shown("type", "pages/parts/type.html", scale=snippet("type")),
    ]  # fmt: skip


def _states() -> list[Exhibit]:
    work, left = progress.Work, timedelta(minutes=3)
    return [
        _shown("empty_state", "{% empty_state said action href %}",
               empty=lambda _l: parts.empty_state(str(_("没有符合条件的行。")), str(_("清除筛选")), "#x-empty_state")),
        _shown("loading", "{% loading %}", drawer=lambda _l: parts.loading()),
        _shown("failed", "{% failed said href number %}",
               network=lambda _l: parts.failed(str(_("没有取到数据，可能是网络断开。")), "#x-failed"),
               with_number=lambda _l: parts.failed(str(_("程序出了错，你的数据没有改变。")), number="E-7KM3XQ")),
        _shown("banner", '{% banner said "warning" %}',
               note=lambda _l: parts.banner(str(_("还剩 2 个工作日。"))),
               warning=lambda _l: parts.banner(str(_("数据停在 11月23日。")), "warning"),
               error=lambda _l: parts.banner(str(_("没有取到数据，可能是网络断开。")), "error", str(_("重试")), "#x-banner")),
        _shown("job_row", "{% job_row work %}",
               running=lambda _l: progress.job_row(work("orders.csv", progress.RUNNING, 412_000, 1_000_000, left=left)),
               waiting=lambda _l: progress.job_row(work("orders.csv", progress.WAITING)),
               done=lambda _l: progress.job_row(work("orders.csv", progress.DONE, 9, 9, result_href="#x-job_row")),
               failed=lambda _l: progress.job_row(work("orders.csv", progress.FAILED, 4, 9, said="E-7KM3XQ")),
               cancelled=lambda _l: progress.job_row(work("orders.csv", progress.CANCELLED, 4, 9))),
    ]  # fmt: skip


def _tables(request: HttpRequest) -> list[Exhibit]:
    def table(name: str, rows: Callable[[], list[Row]]) -> Draw:
        return lambda lang: _rendered(request, f"{name}-{lang}", rows())

    def lit() -> list[Row]:
        return [
            Row({"name": f"orders-{n}.csv", "rows": numbers.grouped(n * 1234), "light": lamps.lamp(light)},
                {"rows": n * 1234, "light": light}, href="#x-data_table")
            for n, light in enumerate(("red", "yellow", "green"), 1)
        ]  # fmt: skip

    def many() -> list[Row]:
        return [Row({"name": f"{n:03}", "rows": str(n)}, {"rows": n}) for n in range(1, 8)]

    shown = {"rows": table("t1", lit), "empty": table("t2", list), "pages": table("t3", many)}
    files = {"files": lambda lang: _rendered(request, f"t4-{lang}", lit(), "files")}
    return [
        _shown("data_table", "{% data_table table %}", **shown),
        _shown("table_files", "{% table_files table %}", **files),
    ]


def _rendered(request: HttpRequest, name: str, rows: Sequence[Row], part: str = "table") -> Any:
    lights = [(light, lamps.word(light)) for light in ("red", "yellow", "green")]
    columns = [
        Column("name", str(_("文件")), needed=True), Column("rows", str(_("行数")), numeric=True),
        Column("light", str(_("灯")), choices=lights), Column("note", str(_("备注")), hidden=True),
    ]  # fmt: skip
    made: Table = table_of(request, name=name, caption=name, columns=columns, rows=rows, page_rows=3)
    return tables.draw(request, made, part)


class Sample(forms.Form):
    """A field of every kind."""

    text = forms.CharField(label=_("姓名"), max_length=20, help_text=_("与工号表一致"))
    amount = forms.DecimalField(label=_("新基准"), widget=fields.AmountInput(unit=_("万元")))
    day = forms.DateField(label=_("日期"), widget=fields.DayInput(), required=False)
    secret = forms.CharField(label=_("密码"), widget=forms.PasswordInput(attrs={"autocomplete": "off"}), required=False)
    area = forms.CharField(label=_("说明"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    select = forms.ChoiceField(label=_("区域"), choices=[("a", "A"), ("b", "B")])
    seg = forms.ChoiceField(label=_("外观"), choices=[("l", _("浅色")), ("d", _("深色"))], widget=forms.RadioSelect, initial="l")
    radios = forms.ChoiceField(label=_("原因"), widget=forms.RadioSelect, choices=[(str(n), f"{n}") for n in range(7)])
    chips = forms.MultipleChoiceField(
        label=_("原因"), choices=[("a", _("竞品降价")), ("b", _("渠道关闭")), ("c", _("断货"))], initial=["a"],
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    check = forms.BooleanField(label=_("我已看过"), required=False)
    file = forms.FileField(label=_("文件"), required=False)
    photo = forms.FileField(label=_("照片"), widget=fields.PhotoInput(), required=False)


def _forms(request: HttpRequest) -> list[Exhibit]:
    def one(name: str, *, wrong: bool = False) -> Draw:
        def draw(lang: str) -> Any:
            mark = f"{lang}-{'bad' if wrong else 'ok'}"
            form = Sample({} if wrong else None, auto_id=f"{mark}-%s", prefix=mark)
            return drawn('<form class="sample">', fields.field(form[name]), "</form>")

        return draw

    kinds = {name: one(name) for name in Sample.base_fields}
    kinds |= {"with_error": one("text", wrong=True), "amount_error": one("amount", wrong=True)}
    return [
        _shown("field", "{% field form.amount %}", **kinds),
        _shown("once", "{% once %}", in_a_form=lambda lang: render_to_string("pages/parts/keep.html", {"lang": lang}, request)),
    ]  # fmt: skip


def _words() -> list[Exhibit]:
    def said(_lang: str) -> Any:
        amounts = [numbers.amount(minor, "CNY", 2) for minor in (812_300, 14_130_000, 11_920_000_000, -14_130_000)]
        return drawn('<p class="say">', " · ".join(amounts), "</p>")

    def exact(_lang: str) -> Any:
        return drawn('<p class="say">', numbers.exact_amount(14_130_050, "CNY", 2), "</p>")

    return [
        _shown("amount", "{% amount minor metric %}", money=said),
        _shown("exact_amount", "{% exact_amount minor metric %}", money=exact),
    ]
