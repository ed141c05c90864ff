"""Every address the house answers, with its methods: read from the URLconf, down into includes and API operations."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.urls import URLPattern, URLResolver

UNSAID = "*"  # a view that takes any method has not said what it is for
ALIKE = {"HEAD", "OPTIONS"}  # answered as GET is, without a body of their own
WORDS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, order=True)
class Route:
    """One method at one address, spelled as the URLconf spells it: `GET people/<str:code>/`."""

    address: str
    method: str

    def __str__(self) -> str:
        return f"{self.method} {self.address}"


def routes(urlconf: str = "tests.access.urls") -> list[Route]:
    """All of them, in the order of their addresses."""
    return sorted(set(_walk(import_module(urlconf).urlpatterns, "")))


def _walk(patterns: list[Any], above: str) -> Iterator[Route]:
    for pattern in patterns:
        address = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            yield from (Route(address, method) for method in methods_of(pattern.callback) - ALIKE)


def methods_of(view: Any) -> set[str]:
    """What a view takes: from its decorators, its class, or its API operations; `*` if it does not say."""
    found: set[str] | None = None
    for layer in _layers(view):
        said = _said(layer)
        if said is not None:
            found = said if found is None else found & said
    return {UNSAID} if found is None else found


def _layers(view: Any) -> Iterator[Any]:
    while view is not None:
        yield view
        view = getattr(view, "__wrapped__", None) or getattr(view, "func", None)


def _said(layer: Any) -> set[str] | None:
    if hasattr(layer, "view_class"):
        return {word for word in WORDS if hasattr(layer.view_class, word.lower())}
    if getattr(layer, "__module__", "") == "ninja.openapi.views":
        return {"GET"}  # the schema and its pages: the same answer whatever the method
    kept = {
        name: cell.cell_contents
        for name, cell in zip(
            getattr(getattr(layer, "__code__", None), "co_freevars", ()), getattr(layer, "__closure__", None) or (), strict=False
        )
    }
    if "request_method_list" in kept:  # django.views.decorators.http
        return set(kept["request_method_list"])
    operations = getattr(kept.get("self"), "operations", None)  # django-ninja's view of one address
    if operations is not None:
        return {method for operation in operations for method in operation.methods}
    return None
