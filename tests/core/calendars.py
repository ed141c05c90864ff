"""Working-day tables for tests, written out from the published notices."""

from datetime import date, timedelta

from hangbiao.core.deadlines import WorkCalendar


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]


REST = {
    *days(date(2025, 1, 1), date(2025, 1, 1)),
    *days(date(2025, 1, 28), date(2025, 2, 4)),
    *days(date(2025, 4, 4), date(2025, 4, 6)),
    *days(date(2025, 5, 1), date(2025, 5, 5)),
    *days(date(2025, 5, 31), date(2025, 6, 2)),
    *days(date(2025, 10, 1), date(2025, 10, 8)),
    *days(date(2026, 1, 1), date(2026, 1, 3)),
    *days(date(2026, 2, 15), date(2026, 2, 23)),
    *days(date(2026, 4, 4), date(2026, 4, 6)),
    *days(date(2026, 5, 1), date(2026, 5, 5)),
    *days(date(2026, 6, 19), date(2026, 6, 21)),
    *days(date(2026, 9, 25), date(2026, 9, 27)),
    *days(date(2026, 10, 1), date(2026, 10, 7)),
}
WORK = {
    date(2025, 1, 26), date(2025, 2, 8), date(2025, 4, 27), date(2025, 9, 28), date(2025, 10, 11),
    date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10),
}  # fmt: skip


def calendar(first: date, last: date, rest: set[date] = REST, work: set[date] = WORK) -> WorkCalendar:
    return WorkCalendar(
        [(d, d in work or (d.weekday() < 5 and d not in rest), d.year > 2026) for d in days(first, last)]
    )


CHINA = calendar(date(2025, 1, 1), date(2027, 12, 31))
Q4 = (date(2025, 10, 1), date(2025, 12, 31))
