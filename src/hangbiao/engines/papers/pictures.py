"""Charts as files: the page's own SVG with its colours inside, and the same as PNG."""

import re

from django.http import HttpResponse

from hangbiao.engines.papers.fonts import chinese_font
from hangbiao.engines.papers.palette import stylesheet
from hangbiao.engines.papers.press import pictured
from hangbiao.engines.papers.sheets import attachment

FORMATS = ("svg", "png")
MARGIN = 18  # on a page the longest label may stand out to the right
FAMILIES = "'PingFang SC','HarmonyOS Sans SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif"
TOUCHED = re.compile(r'<rect class="t-hit".*?</rect>', re.DOTALL)  # columns to point at: nothing points at a file
BOX = re.compile(r'viewBox="0 0 (\d+) (\d+)"')


def standing_alone(svg: str, font: str = FAMILIES) -> str:
    """The drawing as a document of its own: name space, size, colours."""
    bare = BOX.sub(lambda m: f'viewBox="0 0 {int(m[1]) + MARGIN} {m[2]}"', TOUCHED.sub("", svg))
    box = BOX.search(bare)
    size = f'width="{box[1]}" height="{box[2]}" ' if box else ""
    opened = f'<svg xmlns="http://www.w3.org/2000/svg" {size}'
    styled = f"<style>{stylesheet(font)}</style>"
    return re.sub(r"<svg ([^>]*)>", lambda m: f"{opened}{m[1]}>{styled}", bare, count=1)


def answer(svg: str, kind: str, name: str) -> HttpResponse:
    """The drawing as a download. PNG is drawn by the press, so it needs a Chinese font (NoChineseFont)."""
    if kind == "png":
        box = BOX.search(svg)
        made = pictured(standing_alone(svg, f"'{chinese_font()}'"), int(box[1]) + MARGIN if box else 480)
        response = HttpResponse(made, content_type="image/png")
    else:
        response = HttpResponse(standing_alone(svg), content_type="image/svg+xml")
    response.headers["Content-Disposition"] = attachment(f"{name}.{kind}")
    response.headers["Cache-Control"] = "private, no-store"
    return response
