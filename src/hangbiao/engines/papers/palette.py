"""The light palette and the charts' rules for files that stand alone (a test holds them equal to frontend/css)."""

LIGHT = {
    "surface": "#ffffff", "line": "#e6e5df", "line2": "#cfcdc4", "ink": "#1c2126", "ink2": "#4b535b", "ink3": "#666e76",
    "acc": "#1d5f9e", "g": "#2f8f74", "y": "#f0ae1d", "y-line": "#8a5f00", "y-ink": "#7a5200", "r": "#c8402a",
    "r-ink": "#a92f1b", "n": "#878d93", "bul": "#dfe6ec", "bul2": "#eef1f3",
}  # fmt: skip

# What each class of a server-drawn chart is painted with: the same rules as charts.css, without variables.
CHARTS = (
    ("text", {"font-size": "11px", "fill": "ink3"}),
    (".b-st", {"fill": "bul2", "stroke": "line2", "stroke-width": "0.5"}),
    (".b-ba", {"fill": "bul"}),
    (".b-ac", {"fill": "acc"}),
    (".b-pa", {"stroke": "ink", "stroke-width": "2"}),
    (".b-ph", {"stroke": "surface", "stroke-width": "5"}),
    (".b-fc", {"stroke": "ink3", "stroke-width": "2"}),
    (".b-fd", {"fill": "surface", "stroke": "ink2", "stroke-width": "1.6"}),
    (".t-grid", {"stroke": "line", "stroke-width": "1"}),
    (".t-now", {"stroke": "line2", "stroke-width": "1.2"}),
    (".t-plan", {"fill": "none", "stroke": "ink3", "stroke-width": "1.2", "stroke-dasharray": "3 3"}),
    (".t-act", {"fill": "none", "stroke": "acc", "stroke-width": "2.4", "stroke-linejoin": "round"}),
    (".t-fc", {"fill": "none", "stroke": "acc", "stroke-width": "1.6", "stroke-dasharray": "2 3"}),
    (".t-band", {"fill": "acc", "opacity": "0.16"}),
    (".t-end", {"fill": "acc"}),
    (".t-hit", {"fill": "none"}),
)


def stylesheet(font: str) -> str:
    """The rules as a drawing carries them."""
    rules = [f"text{{font-family:{font}}}"]
    for selector, painted in CHARTS:
        said = ";".join(f"{name}:{LIGHT.get(value, value)}" for name, value in painted.items())
        rules.append(f"{selector}{{{said}}}")
    return "".join(rules)
