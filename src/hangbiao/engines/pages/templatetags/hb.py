"""Thin names for templates over numbers, dates, lamps and charts (registered as builtins)."""

from datetime import date
from fractions import Fraction
from typing import Any

from django import template
from django.http import QueryDict
from django.utils.html import escape
from django.utils.safestring import SafeString

from hangbiao.engines.pages import charts, dates, lamps, numbers, trend, waterfall
from hangbiao.engines.pages.manifest import built
from hangbiao.engines.pages.markup import drawn

register = template.Library()

register.filter("percent", numbers.percent)
register.filter("whole_percent", numbers.whole_percent)
register.filter("points", numbers.points)
register.filter("signed", numbers.signed)
register.filter("day", dates.day, expects_localtime=True)
register.filter("day_with_weekday", dates.day_with_weekday, expects_localtime=True)
register.filter("moment", dates.moment, expects_localtime=True)
register.simple_tag(lamps.lamp, name="lamp")
register.simple_tag(lamps.bare, name="bare_lamp")
register.simple_tag(lamps.strip_of, name="lamps_of")
register.simple_tag(lamps.history, name="light_history")
register.simple_tag(lamps.shares, name="shares")
register.simple_tag(lamps.mix, name="light_mix")
register.simple_tag(charts.bullet, name="bullet")
register.simple_tag(charts.bullet_big, name="bullet_big")
register.simple_tag(charts.meter, name="meter")
register.simple_tag(charts.spark, name="spark")
register.simple_tag(trend.draw, name="trend")
register.simple_tag(waterfall.draw, name="waterfall")
register.filter("light_word", lamps.word)
register.filter("light_code", lambda light: lamps.SHAPES.get(light, "n"))


@register.filter
def grouped(number: int | Fraction, places: int = 0) -> str:
    """1,234 with a real minus."""
    return numbers.grouped(number, places)


@register.simple_tag
def amount(minor: Any, metric: Any) -> str:
    """A metric's amount as people read it; `metric` has `unit` and `decimals`."""
    return "–" if minor is None else numbers.amount(minor, metric.unit, metric.decimals)


@register.simple_tag
def exact_amount(minor: Any, metric: Any) -> str:
    """A metric's whole amount, as evidence is read."""
    return "–" if minor is None else numbers.exact_amount(int(minor), metric.unit, metric.decimals)


@register.simple_tag
def span(first: date, last: date) -> str:
    """3–9 Dec."""
    return dates.span(first, last)


@register.simple_tag
def icon(name: str, size: int = 18) -> SafeString:
    """A drawing from the built sheet of icons; decoration only."""
    sheet = escape(built()["icons"])
    use = f'<use href="/static/{sheet}#{escape(name)}"/>'
    return drawn(f'<svg class="i" width="{size}" height="{size}" aria-hidden="true">{use}</svg>')


@register.filter
def named(thing: Any) -> str:
    """A thing's name in the reader's language: `name_en` where the reader is English and it has one."""
    return "" if thing is None else numbers.name_of(thing)


@register.simple_tag(takes_context=True)
def address(context: Any, **changes: Any) -> str:
    """This page's address with some of its filters changed; an empty value takes the filter out, the page restarts."""
    asked: QueryDict = context["request"].GET.copy()
    asked.pop("page", None)
    asked.pop("csrfmiddlewaretoken", None)
    for key, value in changes.items():
        asked.pop(key, None)
        if value not in ("", None):
            asked[key] = str(value)
    return f"?{asked.urlencode()}" if asked else "?"


@register.simple_tag
def kept_address(place: str, filters: Any, **changes: Any) -> str:
    """Another page's address with these filters, some of them changed."""
    return f"{place}{filters.query(**changes)}"


@register.simple_tag
def person_address(filters: Any, code: str) -> str:
    """Where somebody's page is; `filters` carries what it should speak of."""
    return str(filters.person(code))
