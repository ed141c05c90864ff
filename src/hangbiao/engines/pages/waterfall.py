"""From one amount to another, piece by piece: a row per piece, in percent coordinates, so that a phone shows it as well."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString

from hangbiao.engines.pages.markup import drawn

ROW, BAR, LABEL = 42, 12, 14


@dataclass(frozen=True, slots=True)
class Piece:
    """One row. A `total` stands on the ground line; any other piece goes on from where the one before ended."""

    label: str
    amount: int
    said: str
    total: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A row's bar as shares of the whole width, 0 to 1."""

    piece: Piece
    left: float
    right: float
    end: float
    css: str


def spans(pieces: Sequence[Piece]) -> list[Span]:
    """Where each bar lies: the same for pages and for paper."""
    edges: list[tuple[Piece, int, int]] = []
    level = 0
    for piece in pieces:
        before, level = (0, piece.amount) if piece.total else (level, level + piece.amount)
        edges.append((piece, before, level))
    low = min(0, *(min(a, b) for _piece, a, b in edges), 0)
    high = max(0, *(max(a, b) for _piece, a, b in edges), 0)
    width = max(high - low, 1)
    found = []
    for n, (piece, before, after) in enumerate(edges):
        css = ("w-act" if n else "w-due") if piece.total else "w-less" if piece.amount < 0 else "w-more"
        left, right = sorted(((before - low) / width, (after - low) / width))
        found.append(Span(piece, left, right, (after - low) / width, css))
    return found


def draw(pieces: Sequence[Piece], label: str) -> SafeString:
    """The drawing: name and amount above each bar, a hairline from where one ends to where the next begins."""
    if not pieces:
        return drawn("")
    parts, rows = [], spans(pieces)
    for n, row in enumerate(rows):
        top = n * ROW + LABEL + 6
        parts.append(
            f'<text x="0" y="{n * ROW + LABEL}">{escape(row.piece.label)}</text>'
            f'<text class="w-n" x="100%" y="{n * ROW + LABEL}" text-anchor="end">{escape(row.piece.said)}</text>'
            f'<rect class="{row.css}" x="{row.left * 100:.2f}%" y="{top}" width="{max((row.right - row.left) * 100, 0.4):.2f}%" '
            f'height="{BAR}"/>'
        )
        if n + 1 < len(rows):
            at = f"{row.end * 100:.2f}%"
            parts.append(f'<line class="w-to" x1="{at}" x2="{at}" y1="{top + BAR}" y2="{top + ROW}"/>')
    said = f"{label}: " + ", ".join(f"{piece.label} {piece.said}" for piece in pieces)
    height = len(rows) * ROW - (ROW - LABEL - 6 - BAR)
    return drawn(
        f'<svg class="fall" width="100%" height="{height}" role="img" aria-label="{escape(said)}">{"".join(parts)}</svg>'
    )


def against(due: int, actual: int, most: int, label: str, height: int = 12) -> SafeString:
    """What was due as a tint and what came as a bar, on a scale that rows share."""
    whole = max(most, 1)
    widths = [max(min(value / whole, 1), 0) * 100 for value in (due, actual)]
    return drawn(
        f'<svg class="bullet" width="100%" height="{height}" role="img" aria-label="{escape(label)}">'
        f'<rect class="b-ba" width="{widths[0]:.2f}%" height="{height}"/>'
        f'<rect class="b-ac" width="{widths[1]:.2f}%" height="{height - 6}" y="3"/></svg>'
    )
