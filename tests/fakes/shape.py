"""Is a body exactly what the service's page says? Unknown fields and wrong types are found, wherever they are."""

import json
from typing import Any


def wrong(given: Any, shape: Any, where: str = "") -> str:
    """Empty if it fits, else the place that does not.

    A type, a set of values, [shape of each], {name: shape} with "name?" for what may be absent, (either, or), a test.
    """
    if isinstance(shape, dict):
        return _wrong_object(given, shape, where)
    if isinstance(shape, list):
        if not isinstance(given, list):
            return where or "list"
        found = (wrong(item, shape[0], f"{where}[{number}]") for number, item in enumerate(given))
        return next((place for place in found if place), "")
    if isinstance(shape, tuple):
        return where if all(wrong(given, one, where) for one in shape) else ""
    if isinstance(shape, type) or shape is None:
        fits = given is None if shape is None else type(given) is shape
    elif isinstance(shape, set):
        fits = any(type(given) is type(one) and given == one for one in shape)
    else:
        fits = bool(shape(given))
    return "" if fits else where or "body"


def _wrong_object(given: Any, shape: dict[str, Any], where: str) -> str:
    if not isinstance(given, dict):
        return where or "body"
    inside = f"{where}." if where else ""
    known = {name.rstrip("?"): one for name, one in shape.items()}
    for name in given:
        if name not in known:
            return f"{inside}{name}"
    for name, one in shape.items():
        plain = name.rstrip("?")
        if plain not in given:
            if plain == name:
                return f"{inside}{plain}"
        elif found := wrong(given[plain], one, f"{inside}{plain}"):
            return found
    return ""


def text(given: Any) -> bool:
    """A string that says something."""
    return isinstance(given, str) and given != ""


def digits(given: Any) -> bool:
    return isinstance(given, str) and given.isdecimal()


def link(given: Any) -> bool:
    return isinstance(given, str) and given.startswith(("http://", "https://"))


def size(given: str) -> int:
    return len(given.encode())


def cut(given: str, most: int) -> str:
    """The first `most` bytes; half a character at the end is gone."""
    return given.encode()[:most].decode(errors="ignore")


def canonical(given: Any) -> str:
    return json.dumps(given, sort_keys=True, ensure_ascii=False)
