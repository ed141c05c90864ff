"""The talk as an iCalendar file (RFC 5545): one UID for a review, the next SEQUENCE for another time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from hangbiao.engines.pages.numbers import name_of
from hangbiao.rooms.reviews.models import Meeting
from hangbiao.rooms.reviews.selectors import Seen

LONGEST_LINE = 75  # octets, RFC 5545 section 3.1


def invitation(seen: Seen, meeting: Meeting, parties: Sequence[tuple[str, Any]], address: str) -> str:
    """The event with its agenda. Times are UTC, so that no rule of a time zone has to travel with them."""
    who = name_of(seen.review.person)
    agenda = [_("看偏差分析"), _("各方说原因"), _("定行动、负责人和日期"), _("记纪要")]
    names = [name_of(account) for _role, account in parties]
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Hangbiao//Reviews//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:review-{seen.review.pk}-{seen.review.opened_at:%Y%m%dT%H%M%SZ}@hangbiao",
        f"SEQUENCE:{meeting.number}",
        f"DTSTAMP:{_utc(meeting.proposed_at)}",
        f"LAST-MODIFIED:{_utc(meeting.proposed_at)}",
        f"DTSTART:{_utc(meeting.starts_at)}",
        f"DTEND:{_utc(meeting.starts_at + timedelta(minutes=meeting.minutes))}",
        f"SUMMARY:{_text(_('%(name)s 的绩效偏差复盘') % {'name': who})}",
        "DESCRIPTION:" + _text("\n".join([
            _("议程：") + _("；").join(agenda), _("参加：") + _("、").join(names), *([meeting.link] if meeting.link else []),
            address,
        ])),
        f"URL:{address}",
        *([f"LOCATION:{_text(meeting.place or meeting.link)}"] if meeting.place or meeting.link else []),
        "STATUS:CONFIRMED" if seen.case.closed_at is None else "STATUS:TENTATIVE",
        "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", f"DESCRIPTION:{_text(_('复盘会议'))}", "END:VALARM",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """TEXT with what has a meaning in it escaped."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        text = text.replace(plain, escaped)
    return text


def _folded(line: str) -> str:
    """Lines of at most 75 octets, never cut inside a letter."""
    parts, room = [""], LONGEST_LINE
    for letter in line:
        size = len(letter.encode())
        if size > room:
            parts.append("")
            room = LONGEST_LINE - 1
        parts[-1] += letter
        room -= size
    return "\r\n ".join(parts)
