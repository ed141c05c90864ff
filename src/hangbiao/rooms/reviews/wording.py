"""A review in words: the analysis as sentences and rows, and what everybody said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from hangbiao.engines.pages import dates, numbers
from hangbiao.engines.pages.lamps import Mark
from hangbiao.engines.pages.numbers import name_of
from hangbiao.engines.pages.parts import Happening
from hangbiao.rooms.people.duties import role_word
from hangbiao.rooms.people.selectors import unit_names
from hangbiao.rooms.people.viewer import Viewer
from hangbiao.rooms.reviews.forms import CAUSES
from hangbiao.rooms.reviews.selectors import Seen


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

    sentence: str
    pace: Fraction | None
    attainment: Fraction | None
    compared: Sequence[Compared]
    marks: Sequence[Mark]
    questions: Sequence[str]
    said: Sequence[Said]
    waiting: Sequence[Said]
    happened: Sequence[Happening]


def shown(seen: Seen, viewer: Viewer) -> View:
    """The page of a review in the reader's language."""
    body = seen.analysis.body
    tasks = [_said(seen, task, viewer) for task in seen.tasks if task.state != "void"]
    done = [one for one in tasks if one.done_on]
    return View(
        sentence=_gap(seen), pace=_fraction(body["pace"]), attainment=_fraction(body["attainment"]),
        compared=_compared(body["compared"]),
        marks=[Mark(f"{date.fromisoformat(day):%m-%d}", light) for day, light in body["history"]],
        questions=questions(body), said=done, waiting=[one for one in tasks if not one.done_on],
        happened=_happened(seen, done, viewer),
    )  # fmt: skip


def _gap(seen: Seen) -> str:
    body, metric = seen.analysis.body, seen.review.metric
    said = {
        "day": dates.day(date.fromisoformat(body["as_of"])),
        "plan": numbers.amount(body["plan"], metric.unit, metric.decimals),
        "actual": numbers.amount(body["actual"], metric.unit, metric.decimals),
        "gap": numbers.amount(body["gap"], metric.unit, metric.decimals),
    }
    return _("到 %(day)s 应达 %(plan)s，实际 %(actual)s，差 %(gap)s。") % said


def questions(body: dict[str, Any]) -> list[str]:
    """What the three should answer, from what the numbers show."""
    mine, above = _fraction(body["pace"]), [_fraction(unit["pace"]) for unit in body["compared"]]
    found = []
    if mine is not None and above and above[0] is not None:
        if above[0] >= Fraction(7, 10) > mine:
            found.append(_("同组整体不低于 70%，差距主要在个人还是在片区？"))
        elif above[0] < Fraction(7, 10):
            found.append(_("同组也低于 70%，共同的原因是什么？"))
    colours = [light for _day, light in body["history"]]
    if len(colours) > 1 and set(colours[-2:]) <= {"yellow", "red"}:
        found.append(_("上一次也亮了灯：上次的行动做了哪些，有用吗？"))
    found.append(_("到期末还差多少，每周要做到多少，靠哪些客户？"))
    found.append(_("需要谁在哪一天之前做什么？"))
    return found


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
