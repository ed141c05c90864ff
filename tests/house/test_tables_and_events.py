"""What only the loaded house shows: which way tables point, whose rows they are, and that no event falls silent."""

import importlib
import inspect
import pkgutil
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

import hangbiao
from hangbiao.site import wiring

REPOSITORY = Path(__file__).parents[2]
FRAMEWORK = {"contenttypes", "sessions", "messages", "staticfiles", "django_htmx", "procrastinate", "auth"}


def hill() -> dict[str, int]:
    """Room → its height above the core, read from the layers of import contract 1: one hill, not two."""
    contracts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(c["layers"] for c in contracts if c["type"] == "layers")
    heights = {}
    for height, layer in enumerate(reversed(layers)):
        for place in layer.split("|"):
            heights[place.strip(" ()").split(".")[-1]] = height
    return heights


def uphill(found: list[type[models.Model]], heights: dict[str, int]) -> list[str]:
    """Relations that point to a higher room, or to a room on the same step (which should not know each other)."""
    wrong = []
    for model in found:
        here = model._meta.app_label
        for field in model._meta.get_fields():
            if not (field.concrete and field.is_relation and isinstance(field.related_model, type)):
                continue
            there = field.related_model._meta.app_label
            if there != here and heights.get(there, -1) >= heights[here]:
                wrong.append(f"{model.__name__}.{field.name} → {there}")
    return wrong


def our_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("hangbiao.")]


def event_classes() -> set[type]:
    """Every class that an `events.py` of a room or engine defines, by its file: forgetting an import hides nothing."""
    found = set()
    for module in pkgutil.walk_packages(hangbiao.__path__, "hangbiao."):
        if module.name.endswith(".events"):
            classes = inspect.getmembers(importlib.import_module(module.name), inspect.isclass)
            found |= {c for _, c in classes if c.__module__ == module.name and not issubclass(c, Exception)}
    return found


def test_foreign_keys_point_downhill():
    assert uphill(our_models(), hill()) == []


def test_a_key_written_as_text_is_seen_too():
    class Planted(models.Model):
        target = models.ForeignKey("targets.Target", on_delete=models.PROTECT)

        class Meta:
            app_label = "journal"

    try:
        assert uphill([Planted], hill()) == ["Planted.target → targets"]
    finally:
        del apps.all_models["journal"]["planted"]
        apps.clear_cache()


def test_every_app_stands_somewhere_on_the_hill():
    labels = {m._meta.app_label for m in our_models()}

    assert labels
    assert labels <= hill().keys()


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_every_table_says_whose_rows_it_holds(model):
    scoping = getattr(model, "Scoping", None)

    assert scoping is not None, f"{model._meta.label} has no `class Scoping`"
    assert scoping.nature in {"scoped", "public", "system"}
    if scoping.nature == "scoped":
        columns = {f.attname for f in model._meta.concrete_fields}
        assert columns & {getattr(scoping, "path", None), getattr(scoping, "person", None)}


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_a_scoped_table_has_no_unguarded_manager(model):
    if model.Scoping.nature == "scoped":
        assert model._meta.default_manager_name == model._meta.base_manager_name == "objects"


def test_every_event_has_a_reaction_or_a_written_reason_for_none():
    assert event_classes() == set(wiring.reactions())


def test_nothing_follows_only_with_a_reason():
    with pytest.raises(ValueError, match="why"):
        wiring.nothing("")


def test_pages_are_closed_unless_marked_public():
    assert (
        "hangbiao.engines.accounts.middleware.signed_in" in __import__("django.conf").conf.settings.MIDDLEWARE
    )
