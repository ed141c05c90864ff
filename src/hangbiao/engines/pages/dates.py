"""Dates as people read them: 11月23日 / 23 Nov."""

from datetime import date, datetime

from hangbiao.engines.pages.numbers import is_chinese

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = (
    ("周一", "Mon"),
    ("周二", "Tue"),
    ("周三", "Wed"),
    ("周四", "Thu"),
    ("周五", "Fri"),
    ("周六", "Sat"),
    ("周日", "Sun"),
)


def day(value: date | None) -> str:
    """11月23日 / 23 Nov."""
    if value is None:
        return "–"
    if is_chinese():
        return f"{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]}"


def weekday(value: date) -> str:
    """周四 / Thu."""
    zh, en = WEEKDAYS[value.weekday()]
    return zh if is_chinese() else en


def day_with_weekday(value: date) -> str:
    """11月26日 周四 / Thu 26 Nov."""
    return f"{day(value)} {weekday(value)}" if is_chinese() else f"{weekday(value)} {day(value)}"


def span(first: date, last: date) -> str:
    """12月3日至9日 / 3–9 Dec."""
    if is_chinese():
        end = f"{last.day}日" if last.month == first.month else day(last)
        return f"{day(first)}–{end}"
    if last.month == first.month:
        return f"{first.day}–{day(last)}"
    return f"{day(first)} – {day(last)}"


def moment(value: datetime) -> str:
    """2026-11-26 09:00, the same in both languages."""
    return value.strftime("%Y-%m-%d %H:%M")
