"""Which built files the pages load. The names carry a hash, so that browsers may keep them for ever."""

import json
from functools import cache
from pathlib import Path

BUILD = Path(__file__).parent / "build"


@cache
def _read(changed: float) -> dict[str, str]:  # noqa: ARG001 - the key of the cache
    names: dict[str, str] = json.loads((BUILD / "manifest.json").read_text())
    return names


def built() -> dict[str, str]:
    """{"app": …, "css": …, "icons": …}; empty names when the front end was never built (`./dev` builds it)."""
    try:
        return _read((BUILD / "manifest.json").stat().st_mtime)
    except FileNotFoundError:
        return {"app": "", "css": "", "icons": ""}
