"""What the server draws: words beside shapes, nothing that a strict policy would refuse, people's texts escaped."""

from datetime import date
from fractions import Fraction

from hangbiao.engines.pages import charts, lamps, trend
from hangbiao.engines.pages.charts import Bar

BAR = Bar(
    Fraction(35, 100),
    Fraction(59, 100),
    Fraction(12, 10),
    Fraction(6, 10),
    Fraction(65, 100),
    Fraction(7, 10),
)


def points() -> list[trend.Point]:
    return [
        trend.Point(date(2026, 9, 30), 0, 0),
        trend.Point(date(2026, 10, 14), 0.1, 0.2, 0.2, 0.2, 0.2),
        trend.Point(date(2026, 12, 31), 1, None, 1.3, 1.1, 1.5),
    ]


def drawings() -> list[str]:
    return [
        lamps.lamp("red"), lamps.bare("yellow"), lamps.history([lamps.Mark("W2", "red"), lamps.Mark("W4", "")], big=True),
        lamps.shares([lamps.Share("W2", 10, 2, 3)]), lamps.strip_of("x", [lamps.Lamp("/p/", "甲", "red", "31%")]),
        charts.bullet(BAR), charts.bullet_big(BAR, "61.0 万元", "75.5 万元"), charts.meter(9, 15, "拜访"),
        charts.spark([0.5, 1.2]),
        trend.draw(trend.Trend(points(), date(2026, 10, 14), "销售额")),
    ]  # fmt: skip


def test_no_drawing_needs_an_inline_style_or_script():
    for drawing in drawings():
        assert "style=" not in drawing
        assert "<script" not in drawing
        assert " on" not in drawing.replace(" one", "")


def test_a_lamp_says_its_word_and_a_green_one_on_its_way_back_says_so():
    assert "红灯" in lamps.lamp("red")
    assert "数据迟到" in lamps.lamp("grey", "feed_late")
    assert "恢复中" in lamps.lamp("green", "", "recovering")
    assert "恢复中" not in lamps.lamp("red", "", "recovering")


def test_names_cannot_smuggle_markup():
    strip = lamps.strip_of('<b a="', [lamps.Lamp('/"><script>', "<script>", "red", "")])

    assert "<script" not in strip
    assert "<b" not in strip


def test_a_strip_stops_where_it_would_flood_the_page_and_says_how_many_are_left():
    strip = lamps.strip_of("x", [lamps.Lamp("/", "甲", "green", "")] * (lamps.MOST + 12))

    assert strip.count("<a ") == lamps.MOST
    assert "+12" in strip


def test_a_bullet_says_in_words_what_it_draws():
    assert "完成 35.0%，今日应达 59.0%，挑战目标 120%，预测 65%" in charts.bullet(BAR)


def test_nothing_is_drawn_beyond_the_paper():
    beyond = charts.bullet(Bar(Fraction(3), Fraction(-1)))

    assert 'width="100.00%"' in beyond
    assert 'x1="0.00%"' in beyond


def test_the_trend_rises_to_the_highest_line():
    drawn = trend.draw(trend.Trend(points(), date(2026, 10, 14), "销售额"))

    assert ">150%<" in drawn
    assert drawn.count('class="t-band"') == 1
    assert "10月14日" in drawn
