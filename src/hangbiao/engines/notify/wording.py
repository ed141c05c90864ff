"""Templates: checked with every mistake at its place, filled in, put together to what one person shall see."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from hangbiao.engines.notify.catalogue import Kind, Text, kind_called
from hangbiao.engines.notify.clocks import zone
from hangbiao.engines.notify.errors import BadTemplate, Fault
from hangbiao.engines.notify.models import Message, Part, Template
from hangbiao.engines.notify.ports import Outgoing

BRACES = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
NUMBER = "number"
LONGEST = {"title": 200, "body": 4000, "button": 40}


def field_names(kind: Kind) -> list[str]:
    """What templates of a kind may name."""
    return [*kind.fields(kind.sample), NUMBER]


def check(text: Text, allowed: Collection[str]) -> None:
    """Refuses (BadTemplate) with every mistake at its place."""
    faults = [fault for name in LONGEST for fault in _faults(name, str(getattr(text, name)), allowed)]
    if faults:
        raise BadTemplate(faults)


def _faults(name: str, said: str, allowed: Collection[str]) -> list[Fault]:
    found = []
    if not said.strip():
        found.append(Fault(name, 1, 1, _("这里不能空着。")))
    if len(said) > LONGEST[name]:
        found.append(Fault(name, 1, 1, _("太长：最多 %(most)s 个字。") % {"most": LONGEST[name]}))
    for place in BRACES.finditer(said):
        wanted = place.group(1)
        if place.group() in {"{{", "}}"} or (wanted is not None and wanted in allowed):
            continue
        before = said[: place.start()]
        line, letter = before.count("\n") + 1, place.start() - (before.rfind("\n") + 1) + 1
        found.append(Fault(name, line, letter, _at(line, letter, _why(place.group(), wanted, allowed))))
    return found


def _at(line: int, letter: int, why: str) -> str:
    return _("第 %(line)s 行第 %(letter)s 个字：%(why)s") % {"line": line, "letter": letter, "why": why}


def _why(brace: str, wanted: str | None, allowed: Collection[str]) -> str:
    if wanted is None:
        return _("多了一个 %(brace)s。要写大括号本身，请写两遍。") % {"brace": brace}
    near = get_close_matches(wanted.strip(), allowed, n=1, cutoff=0.5)
    if near:
        return _("{%(wanted)s}：没有这个字段，是否想写 {%(near)s}？") % {"wanted": wanted, "near": near[0]}
    return _("{%(wanted)s}：没有这个字段。可以写：%(all)s。") % {
        "wanted": wanted, "all": "、".join(f"{{{one}}}" for one in allowed)
    }  # fmt: skip


def fill(said: str, fields: Mapping[str, str]) -> str:
    """The text with its fields; one that is not there is left empty, since the text was checked when it was written."""

    def put(place: re.Match[str]) -> str:
        if place.group() in {"{{", "}}"}:
            return place.group()[0]
        return fields.get(place.group(1) or "", "")

    return BRACES.sub(put, said)


def text_of(kind: Kind, language: str) -> Text:
    """What a kind says now: the newest version, else the shipped text."""
    newest = Template.objects.filter(kind=kind.code, language=language).order_by("-version").first()
    if newest:
        return Text(newest.title, newest.body, newest.button)
    with override(language):
        return Text(str(kind.shipped.title), str(kind.shipped.body), str(kind.shipped.button))


def outgoing(message: Message, parts: Sequence[Part], *, language: str, to: str) -> Outgoing:
    """What the receiver shall see of a message, in their language."""
    kinds = {part.kind: kind_called(part.kind) for part in parts}
    lead = min(parts, key=lambda part: (kinds[part.kind].rank, part.pk or 0))
    texts = {code: text_of(kind, language) for code, kind in kinds.items()}
    return put_together(
        [(kinds[p.kind], texts[p.kind], p.facts) for p in (lead, *(p for p in parts if p is not lead))],
        number=message.number, to=to, language=language, href=message.href or lead.href, light=message.light,
        todo=message.due_on is not None, due_on=message.due_on,
    )  # fmt: skip


def put_together(
    told: Sequence[tuple[Kind, Text, Mapping[str, object]]], *, number: str, to: str, language: str, href: str,
    light: str = "", todo: bool = False, due_on: date | None = None,
) -> Outgoing:  # fmt: skip
    """The first says the title and the button. The number stands in the title unless the template puts it elsewhere."""
    with override(language):
        filled = [{**kind.fields(facts), NUMBER: number} for kind, _text, facts in told]
    lead = told[0][1]
    title, bodies = fill(str(lead.title), filled[0]), [
        fill(str(text.body), fields) for (_kind, text, _facts), fields in zip(told, filled, strict=True)
    ]
    body = "\n".join(line for line in "\n".join(bodies).splitlines() if line.strip())
    if number not in title and number not in body:
        title = f"{title} {number}"
    ends = datetime.combine(due_on + timedelta(days=1), time(0), tzinfo=zone()).astimezone(UTC) if due_on else None
    return Outgoing(
        key=number, to=to, title=title, body=body, url=address_of(href), button=fill(str(lead.button), filled[0]),
        light=light, todo=todo, due=ends,
    )  # fmt: skip


def address_of(href: str) -> str:
    """An absolute address of ours. Whoever opens it without being signed in is led there after signing in."""
    home = settings.PUBLIC_URL.rstrip("/") or f"http://{settings.ALLOWED_HOSTS[0]}"
    return f"{home}/{href.lstrip('/')}"
