"""Which font Chinese is printed in: one of the machine's, of HANGBIAO_FONTS, or of the package that set-up brings."""

import importlib.util
from functools import cache
from pathlib import Path

import typst
from django.conf import settings

# In the order of preference; what stands behind them prints Chinese as well, only less like the pages.
WANTED = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "HarmonyOS Sans SC", "MiSans",
    "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "SimHei",
)  # fmt: skip
PACKAGE = "noto_cjk_sans_otc"


def places() -> list[Path]:
    """Folders beside the machine's own that may hold fonts."""
    named = [Path(p) for p in settings.FONT_FOLDERS]
    package = importlib.util.find_spec(PACKAGE)
    packed = [Path(p) for p in (package.submodule_search_locations or [])] if package else []
    return [p for p in (*named, *packed) if p.is_dir()]


@cache
def shelf() -> typst.Fonts:
    """Every font in reach, looked for once."""
    return typst.Fonts(font_paths=[str(p) for p in places()])


@cache
def chinese_font() -> str | None:
    """The family that Chinese is printed in, or None if there is none."""
    families = set(shelf().families())
    return next((name for name in WANTED if name in families), None)
