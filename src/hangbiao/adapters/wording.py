"""From a message's lines to what a card shows: labels, bold, bytes counted and cut, the key that makes each text its own."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hangbiao.engines.notify.ports import Outgoing, Refused, Trouble

LABEL = re.compile(r"([^:：*\d][^:：*]{0,11})[:：] *(?!//)(\S.*)")
BOLD = re.compile(r"\*\*(.+?)\*\*")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
MARKUP = str.maketrans({"[": "［", "]": "］", "<": "＜", ">": "＞", "`": "ˋ"})
MORE = "…"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a body; `label` where it has one."""

    text: str
    label: str = ""


def lines_of(body: str) -> list[Line]:
    """The lines that say something. "label: value" is told from an address and from an hour of the day."""
    found = []
    for raw in body.splitlines():
        text = clean(raw).strip()
        parts = LABEL.fullmatch(text)
        if text:
            found.append(Line(parts[2], parts[1].strip()) if parts else Line(text))
    return found


def clean(text: str) -> str:
    """Without control characters, and such that it can be written as UTF-8."""
    return CONTROL.sub(" ", text).encode("utf-8", "replace").decode()


def one_line(text: str) -> str:
    """For titles and buttons."""
    return " ".join(clean(text).split())


def plain(text: str) -> str:
    """Without the stars of bold."""
    return BOLD.sub(r"\1", text)


def harmless(text: str) -> str:
    """One line for a vendor's markdown: brackets that could make a link, a tag or an @everybody become their wide cousins."""
    return one_line(text).translate(MARKUP)


def size(text: str) -> int:
    return len(text.encode())


def cut(text: str, limit: int) -> str:
    """At most `limit` bytes of UTF-8, cut between characters."""
    if size(text) <= limit:
        return text
    return text.encode()[: limit - size(MORE)].decode(errors="ignore") + MORE


def cut_letters(text: str, limit: int) -> str:
    """At most `limit` characters, where a vendor counts these."""
    return text if len(text) <= limit else text[: limit - 1] + MORE


def shortened(body: str, fits: Callable[[str], bool]) -> tuple[str, bool]:
    """The body, or its longest beginning that fits. Refuses CONTENT where not even nothing fits."""
    if fits(body):
        return body, False
    low, high = 0, len(body)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(_begun(body, middle)) else (low, middle - 1)
    begun = _begun(body, low)
    if not fits(begun):
        raise Refused(Trouble.CONTENT, code="too_long")
    return begun, True


def _begun(body: str, characters: int) -> str:
    """The first so many characters; a bold that was cut in two is none."""
    begun = body[:characters].rstrip().rstrip("*")
    if begun.count("**") % 2:
        begun = "".join(begun.rsplit("**", 1))
    return begun + MORE


def number(message: Outgoing) -> str:
    """A line with the key, unless the text shows it already: vendors that de-duplicate by text must see two texts."""
    if message.key in message.title or message.key in message.body:
        return ""
    return _("编号 %(key)s") % {"key": message.key}


def checked(message: Outgoing, *, longest_url: int) -> None:
    """Refuses CONTENT for what no cutting could mend."""
    if size(message.url) > longest_url or not message.url.startswith(("https://", "http://")):
        raise Refused(Trouble.CONTENT, code="bad_url")
    if not message.title.strip():
        raise Refused(Trouble.CONTENT, code="empty")


def for_a_group(message: Outgoing) -> None:
    """Refuses CONTENT for anything that is about one person: a group hears sums only."""
    if message.to or message.todo:
        raise Refused(Trouble.CONTENT, code="personal")
