"""Lamps: a shape, a word, and only then a colour. All functions give SVG or HTML text that needs no style attribute."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hangbiao.engines.pages.markup import drawn

SHAPES = {"green": "g", "yellow": "y", "red": "r", "grey": "n"}
ORDER = {"red": 0, "yellow": 1, "grey": 2, "green": 3}
WORDS = {
    "green": lazy("绿灯"), "yellow": lazy("黄灯"), "red": lazy("红灯"), "grey": lazy("未评"),
}  # fmt: skip
GREY_WORDS = {
    "no_data": lazy("无数据"), "feed_late": lazy("数据迟到"), "too_early": lazy("尚早"),
    "no_target": lazy("无目标"), "on_leave": lazy("休假中"), "not_rated": lazy("不评"),
}  # fmt: skip
MOST = 40  # lamps in one strip; what is left is said as a number


def word(light: str) -> str:
    """The light's name."""
    return str(WORDS.get(light, light))


def grey_word(reason: str) -> str:
    """Why there is no light, in two or three characters."""
    return str(GREY_WORDS.get(reason, WORDS["grey"]))


def shape(light: str) -> str:
    """The drawing alone, hidden from readers of text."""
    code = SHAPES.get(light, "n")
    return f'<svg class="lt {code}" aria-hidden="true"><use href="#l-{code}"/></svg>'


def lamp(light: str, reason: str = "", state: str = "", css: str = "") -> SafeString:
    """Shape and word; grey says why, a light on its way back to normal says so."""
    code = SHAPES.get(light, "n")
    text = grey_word(reason) if light == "grey" else word(light)
    also = f"<small>{escape(_('恢复中'))}</small>" if state == "recovering" and light == "green" else ""
    return drawn(f'<span class="lamp {code} {css}">{shape(light)}{escape(text)}{also}</span>')


def bare(light: str) -> SafeString:
    """A lamp without room for its word: the word is its label."""
    return drawn(f'<span class="lamp0" role="img" aria-label="{escape(word(light))}">{shape(light)}</span>')


@dataclass(frozen=True, slots=True)
class Lamp:
    """One member of a unit's strip."""

    href: str
    name: str
    light: str
    note: str


def strip_of(name: str, members: Sequence[Lamp]) -> SafeString:
    """One lamp per member in the given order; one tab stop, arrows move inside (frontend/js/strip.js)."""
    words = {light: (escape(word(light)), shape(light)) for light in SHAPES}
    links = [
        f'<a href="{escape(m.href)}" data-drawer{"" if n == 0 else " tabindex=-1"} '
        f'aria-label="{escape(m.name)} {words[m.light][0]} {m.note}">{words[m.light][1]}</a>'
        for n, m in enumerate(members[:MOST])
    ]
    more = f"<small>+{len(members) - MOST}</small>" if len(members) > MOST else ""
    return drawn(f'<div class="units" role="group" aria-label="{escape(name)}">{"".join(links)}{more}</div>')


@dataclass(frozen=True, slots=True)
class Mark:
    """One refresh of a light: what it was called, which light; an empty light is still to come."""

    label: str
    light: str


def history(marks: Sequence[Mark], *, big: bool = False) -> SafeString:
    """The lights of the refreshes so far and the empty places of those to come."""
    width, size, height = (44, 16, 36) if big else (15, 11, 12)
    parts, said = [], []
    for n, mark in enumerate(marks):
        code = SHAPES.get(mark.light, "n")
        x = n * width + (width - size) / 2
        parts.append(
            f'<use href="#l-{code}" class="lt {code}" x="{x:g}" y="{1 if big else 0}" width="{size}" height="{size}"/>'
        )
        if big:
            parts.append(
                f'<text x="{n * width + width / 2:g}" y="34" text-anchor="middle">{escape(mark.label)}</text>'
            )
        if mark.light:
            said.append(f"{mark.label} {word(mark.light)}")
    label = escape(f"{_('双周亮灯')} {'; '.join(said)}")
    return drawn(
        f'<svg class="strip" width="{len(marks) * width}" height="{height}" role="img" aria-label="{label}">',
        *parts,
        "</svg>",
    )


@dataclass(frozen=True, slots=True)
class Share:
    """How many members stood red and yellow at one refresh."""

    label: str
    members: int
    red: int
    yellow: int


def shares(columns: Sequence[Share], height: int = 24) -> SafeString:
    """A column per refresh: red at the bottom, yellow on it. One path a colour, so that a row stays light."""
    drawings: dict[str, list[str]] = {"h-g": [], "h-y": [], "h-r": []}
    said, inner = [], height - 2
    for n, column in enumerate(columns):
        members = max(column.members, 1)
        red, both = inner * column.red / members, inner * (column.red + column.yellow) / members
        drawings["h-g"].append(f"M{n * 13} 1h11v{inner}h-11z")
        drawings["h-y"].append(f"M{n * 13} {1 + inner - both:.1f}h11v{both - red:.1f}h-11z")
        drawings["h-r"].append(f"M{n * 13} {1 + inner - red:.1f}h11v{red:.1f}h-11z")
        said.append(f"{column.label} {word('red')} {column.red} {word('yellow')} {column.yellow}")
    width = max(len(columns), 1) * 13
    paths = [f'<path class="{css}" d="{"".join(pieces)}"/>' for css, pieces in drawings.items() if pieces]
    label = escape("; ".join(said))
    return drawn(f'<svg class="heat" width="{width}" height="{height}" role="img" aria-label="{label}">', *paths, "</svg>")


def mix(red: int, yellow: int, grey: int, green: int, width: int = 120) -> SafeString:
    """How many members stand where, where there are too many for a lamp each: a bar of parts, red and yellow in words."""
    parts = (("red", red, "h-r"), ("yellow", yellow, "h-y"), ("grey", grey, "h-n"), ("green", green, "h-g"))
    whole, x, rects, said = max(red + yellow + grey + green, 1), 0.0, [], []
    for light, members, css in parts:
        share = width * members / whole
        if members:
            rects.append(f'<rect class="{css}" x="{x:.1f}" y="1" width="{share:.1f}" height="10"/>')
        x += share
        said.append(f"{word(light)} {members}")
    named = [text for text, members in zip(said[:2], (red, yellow), strict=True) if members]
    return drawn(
        f'<span class="mix"><svg class="heat" width="{width}" height="12" role="img" aria-label="{escape("; ".join(said))}">',
        *rects, f"</svg><small>{escape(' · '.join(named) or said[3])}</small></span>",
    )  # fmt: skip
