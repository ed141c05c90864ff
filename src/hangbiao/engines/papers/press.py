"""Printing: a typst template and its data make a PDF. One compiler is kept and used again."""

import json
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst

from hangbiao.engines.papers.errors import NoChineseFont, NotPrinted
from hangbiao.engines.papers.fonts import chinese_font, shelf

_one_at_a_time = Lock()  # the compiler keeps what it knows between two papers


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=shelf())


def printed(template: Path, data: dict[str, Any]) -> bytes:
    """The template's PDF. `data` arrives as JSON in `sys.inputs.data`: whatever people typed is text there, never source.

    Refuses NoChineseFont.
    """
    font = chinese_font()
    if font is None:
        raise NoChineseFont
    inputs = {"data": json.dumps(data, ensure_ascii=False), "font": font}
    return _pressed(template.read_bytes(), "pdf", inputs)


def _pressed(
    source: bytes, form: Literal["pdf", "png"], inputs: dict[str, str], ppi: float | None = None
) -> bytes:
    with _one_at_a_time:
        try:
            made = _compiler().compile(input=source, format=form, sys_inputs=inputs, ppi=ppi)
        except typst.TypstError as wrong:
            raise NotPrinted(f"{wrong.message} {wrong.hints}") from wrong
    first = made[0] if isinstance(made, list) else made
    if first is None:
        raise NotPrinted("the press gave nothing")
    return first


PICTURE = b"""#set page(width: auto, height: auto, margin: 12pt, fill: white)
#set text(font: sys.inputs.font)
#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.width) * 1pt)"""


def pictured(svg: str, width: int) -> bytes:
    """A drawing as PNG, twice as sharp as on the page."""
    font = chinese_font()
    if font is None:
        raise NoChineseFont
    return _pressed(PICTURE, "png", {"svg": svg, "font": font, "width": str(int(width))}, ppi=144)
