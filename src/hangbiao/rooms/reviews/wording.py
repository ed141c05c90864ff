"""A review in words: the analysis as sentences and rows, and what everybody said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from hangbiao.engines.files.arriving import MEGABYTE
from hangbiao.engines.files.kinds import KINDS
from hangbiao.engines.pages import dates
from hangbiao.engines.pages.lamps import Mark
from hangbiao.engines.pages.numbers import name_of
from hangbiao.engines.pages.parts import Happening
from hangbiao.rooms.people.duties import role_word
from hangbiao.rooms.people.selectors import unit_names
from hangbiao.rooms.people.viewer import Viewer
from hangbiao.rooms.reviews.deviation import verdict_word
from hangbiao.rooms.reviews.forms import CAUSES
from hangbiao.rooms.reviews.selectors import Seen, parties_of, replies_to


@dataclass(frozen=True, slots=True)
class Compared:
    """A unit beside the person."""

    name: str
    pace: Fraction | None
    light: str
    people: int
    lit: dict[str, int]


@dataclass(frozen=True, slots=True)
class Said:
    """What one party did in one step."""

    who: str
    role: str
    step: str
    part: str
    words: Sequence[str]
    done_on: date | None
    due_on: date
    late: bool
    stands_in: str


@dataclass(frozen=True, slots=True)
class View:
    """What the template needs beside the rows themselves."""

    pace: Fraction | None
    attainment: Fraction | None
    compared: Sequence[Compared]
    marks: Sequence[Mark]
    said: Sequence[Said]
    waiting: Sequence[Said]
    happened: Sequence[Happening]
    verdict: str


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file in the list of a review."""

    number: int
    name: str
    what: str
    size: str
    by: str
    at: datetime


def files_shown(seen: Seen) -> list[FileShown]:
    """The review's files, the oldest first."""
    families = {"photo": _("照片"), "sound": _("录音")}
    return [
        FileShown(
            one.pk, one.name, families.get(KINDS[one.file.kind].family, KINDS[one.file.kind].ending.upper()),
            size_of(one.file.size), name_of(one.added_by), one.added_at,
        )
        for one in seen.evidence
    ]  # fmt: skip


def size_of(octets: int) -> str:
    """812 KB, 3.4 MB."""
    if octets < MEGABYTE:
        return f"{max(round(octets / 1024), 1)} KB"
    return f"{octets / MEGABYTE:.1f} MB"


@dataclass(frozen=True, slots=True)
class MeetingShown:
    """The newest proposed time, and what the parties say to it."""

    number: int
    begins: datetime
    minutes: int
    link: str
    place: str
    by: str
    words: Sequence[tuple[str, str, bool | None]]
    mine: bool | None
    asked: bool

    @property
    def settled(self) -> bool:
        """Everybody comes."""
        return all(comes for _who, _role, comes in self.words)


def meeting_shown(seen: Seen, viewer: Viewer) -> MeetingShown | None:
    """None before anybody has proposed one."""
    if not seen.meetings:
        return None
    newest = seen.meetings[0]
    said, parties = replies_to(newest), parties_of(seen)
    words = [(name_of(account), role_word(role), said.get(account.pk)) for role, account in parties]
    concerned = viewer.account_id in {account.pk for _role, account in parties}
    return MeetingShown(
        newest.number, newest.starts_at.astimezone(viewer.zone), newest.minutes, newest.link, newest.place,
        name_of(newest.proposed_by), words, said.get(viewer.account_id or 0), concerned and seen.case.closed_at is None,
    )  # fmt: skip


def shown(seen: Seen, viewer: Viewer) -> View:
    """The page of a review in the reader's language."""
    body = seen.analysis.body
    tasks = [_said(seen, task, viewer) for task in seen.tasks if task.state != "void"]
    done = [one for one in tasks if one.done_on]
    return View(
        pace=_fraction(body["pace"]), attainment=_fraction(body["attainment"]),
        compared=_compared(body["compared"]),
        marks=[Mark(f"{date.fromisoformat(day):%m-%d}", light) for day, light in body["history"]],
        said=done, waiting=[one for one in tasks if not one.done_on],
        happened=_happened(seen, done, viewer), verdict=verdict_word(seen.verdict),
    )  # fmt: skip


def _compared(rows: Sequence[dict[str, Any]]) -> list[Compared]:
    names = unit_names(["team", "region", "company"])
    return [
        Compared(
            names.get(row["path"], row["path"]), _fraction(row["pace"]), row["light"],
            sum(row[colour] for colour in ("green", "yellow", "red", "grey")),
            {colour: row[colour] for colour in ("red", "yellow", "green", "grey")},
        )
        for row in rows
    ]  # fmt: skip


def _said(seen: Seen, task: Any, viewer: Viewer) -> Said:
    zone, today = viewer.zone, viewer.on
    step = seen.flow.step(task.step)
    done_on = task.done_at.astimezone(zone).date() if task.done_at else None
    principal = task.principal if task.principal_id != task.assignee_id else None
    return Said(
        who=name_of(task.done_by or task.assignee) if (task.done_by or task.assignee) else _("暂时没有人"),
        role=role_word(task.role), step=step.name, part=task.part, words=_words(task), done_on=done_on, due_on=task.due_on,
        late=task.state == "open" and task.due_on < today, stands_in=name_of(principal) if principal else "",
    )  # fmt: skip


def _words(task: Any) -> list[str]:
    said, lines = task.answer, []
    if "cause" in said:
        lines.append(_("主要原因：%(cause)s") % {"cause": dict(CAUSES).get(said["cause"], said["cause"])})
    if said.get("words"):
        lines.append(said["words"])
    if said.get("need"):
        lines.append(_("需要支持：%(need)s") % said)
    if "held_on" in said:
        lines.append(_("%(day)s 参加了会议") % {"day": dates.day(date.fromisoformat(said["held_on"]))})
    if said.get("link"):
        lines.append(said["link"])
    verdicts = {"agree": _("同意"), "object": _("有异议"), "reject": _("退回补充")}
    if task.decision in verdicts:
        reason = said.get("reason", "")
        lines.append(verdicts[task.decision] + (_("：%(why)s") % {"why": reason} if reason else ""))
    return lines


def _happened(seen: Seen, done: Sequence[Said], viewer: Viewer) -> list[Happening]:
    zone = viewer.zone
    found = [Happening(seen.case.opened_at.astimezone(zone).date(), _("复盘开始"), "")]
    found += [Happening(one.done_on, f"{one.who} · {one.step}", "") for one in done if one.done_on]
    if seen.case.closed_at:
        found.append(Happening(seen.case.closed_at.astimezone(zone).date(), _("复盘结束"), ""))
    return list(reversed(found))


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
