"""Page furniture with a state: steps, timeline, tiles, and what stands where nothing can be shown yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hangbiao.engines.pages.lamps import SHAPES, bare
from hangbiao.engines.pages.markup import drawn

DONE, NOW, TODO = "done", "now", "todo"
SKELETON_LINES = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way: done, now or todo."""

    title: str
    state: str
    note: str = ""


def steps(items: Sequence[Step]) -> SafeString:
    """How far something is, step by step; the state is said in words to those who do not see the line."""
    said = {DONE: _("已完成"), NOW: _("正在进行"), TODO: _("还没到")}
    marks = [
        f'<li class="is-{step.state}"{" aria-current=step" if step.state == NOW else ""}>'
        f'<b>{escape(step.title)}</b><span class="sr"> {said[step.state]}</span>'
        + (f"<small>{escape(step.note)}</small>" if step.note else "")
        + "</li>"
        for step in items
    ]
    return drawn('<ol class="steps">', *marks, "</ol>")


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a timeline; `said` is text, `mark` a drawing made here (a lamp)."""

    day: date
    said: str
    mark: Any = ""


def timeline(items: Sequence[Happening]) -> SafeString:
    """What happened, the newest first."""
    lines = [
        f'<li><time datetime="{item.day.isoformat()}">{item.day:%m-%d}</time>'
        f"{escape(item.said)} {conditional_escape(item.mark)}</li>"
        for item in items
    ]
    return drawn('<ol class="tl">', *lines, "</ol>")


@dataclass(frozen=True, slots=True)
class Tile:
    """A place of equal size: no map, no borders. `place` is a class like "r2 c3"; without one, tiles follow each other."""

    label: str
    name: str
    figure: str
    light: str
    href: str = ""
    place: str = ""
    current: bool = False


def tile_grid(tiles: Sequence[Tile]) -> SafeString:
    """Tiles where they lie, worst by shape and tint."""
    return drawn('<ul class="tiles">', *[_tile(tile) for tile in tiles], "</ul>")


def _tile(tile: Tile) -> str:
    inner = f"{escape(tile.label)}<b>{escape(tile.figure)}</b>{bare(tile.light)}"
    css, name = f"tile {SHAPES.get(tile.light, 'n')}", escape(tile.name)
    current = ' aria-current="true"' if tile.current else ""
    body = (
        f'<a class="{css}" href="{escape(tile.href)}" title="{name}"{current}>{inner}</a>'
        if tile.href
        else f'<span class="{css}" title="{name}">{inner}</span>'
    )
    return f'<li class="{escape(tile.place)}">{body}</li>'


def empty_state(said: str, action: str = "", href: str = "") -> SafeString:
    """Nothing to show: why, and one thing to do about it."""
    link = f'<a href="{escape(href)}">{escape(action)}</a>' if href else ""
    return drawn(f'<p class="empty">{escape(said)}{link}</p>')


def loading(lines: int = SKELETON_LINES) -> SafeString:
    """A place that is being filled (drawers only: pages come with their content)."""
    return drawn(
        f'<div class="loading" role="status"><span class="sr">{escape(_("正在取数据"))}</span>',
        *['<div class="skel"></div>'] * lines,
        "</div>",
    )


def failed(said: str, href: str = "", number: str = "", safe: str = "") -> SafeString:
    """What failed, whether the reader's input is safe, and how to try again."""
    return render_to_string("pages/parts/failed.html", {"said": said, "href": href, "number": number, "safe": safe})


def banner(said: str, kind: str = "note", action: str = "", href: str = "") -> SafeString:
    """A sentence above the page: note, warning or error; kinds differ by shape and word as well as colour."""
    words = {"note": _("提示"), "warning": _("注意"), "error": _("出错")}
    icons = {"note": "info-circle", "warning": "alert-triangle", "error": "alert-circle"}
    context = {"said": said, "kind": kind, "word": words[kind], "icon": icons[kind], "action": action, "href": href}
    return render_to_string("pages/parts/banner.html", context)
