"""Contrast, computed from the very stylesheet: text at least 4.5 to 1, shapes and borders of controls at least 3 to 1."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[3] / "frontend" / "css" / "tokens.css"
GROUNDS = ("bg", "surface", "raise")
TEXT = [(ink, ground) for ink in ("ink", "ink2", "ink3", "acc", "g-ink", "y-ink", "r-ink") for ground in GROUNDS] + [
    ("on-acc", "acc"), ("acc", "acc-bg"), ("ink", "acc-bg"), ("ink2", "acc-bg"), ("ink", "bul"), ("ink", "bul2"),
    ("ink2", "bul2"), ("ink", "y-bg"), ("y-ink", "y-bg"), ("ink", "r-bg"), ("ink2", "r-bg"), ("r-ink", "r-bg"), ("bg", "ink"),
]  # fmt: skip
SHAPES = [("ctl", "surface"), ("g", "surface"), ("y-line", "surface"), ("r", "surface"), ("n", "surface"), ("acc", "bul")]


def tokens() -> dict[str, tuple[str, str]]:
    return {name: (a, b) for name, a, b in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", CSS.read_text())}


def brightness(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted([brightness(one), brightness(other)])
    return (high + 0.05) / (low + 0.05)


def test_the_measure_knows_black_on_white():
    assert round(contrast("#000000", "#ffffff"), 1) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT, ids=lambda name: name)
def test_text_can_be_read(ink, ground, theme):
    found = tokens()

    assert contrast(found[ink][theme], found[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES, ids=lambda name: name)
def test_shapes_and_borders_can_be_seen(shape, ground, theme):
    found = tokens()

    assert contrast(found[shape][theme], found[ground][theme]) >= 3
