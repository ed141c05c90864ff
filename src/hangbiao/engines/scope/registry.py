"""What each model says about itself: `class Scoping: nature = ...`."""

from functools import cache

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models

NATURES = ("scoped", "public", "system")


def nature_of(model: type[models.Model]) -> str | None:
    """The declared nature, or None if the model says nothing (Django's own and procrastinate's models)."""
    declared = getattr(model, "Scoping", None)
    nature = getattr(declared, "nature", None)
    if nature is not None and nature not in NATURES:
        raise ImproperlyConfigured(
            f"{model._meta.label}: nature is one of {', '.join(NATURES)}, not {nature!r}"
        )
    return nature


@cache
def columns_of(model: type[models.Model]) -> tuple[str | None, str | None]:
    """Attribute names of the path and the person column of a scoped model; None for the one it lacks."""
    declared = getattr(model, "Scoping", None)
    names = {field.attname for field in model._meta.concrete_fields}
    path, person = (
        name if name in names else None
        for name in (getattr(declared, "path", None), getattr(declared, "person", None))
    )
    if path is None and person is None:
        raise ImproperlyConfigured(f"{model._meta.label}: a scoped model has a path or a person column")
    return path, person


@cache
def time_of(model: type[models.Model]) -> tuple[str, str] | None:
    """The fields that say from when to when a row speaks, `day`, or `run__as_of` of a public table; None if none does.

    A model without them shows nothing to whoever looks back at a place of theirs that is past.
    """
    said = getattr(getattr(model, "Scoping", None), "time", None)
    if said is None:
        return None
    first, last = (said, said) if isinstance(said, str) else said
    for name in (first, last):
        _check_time(model, name)
    return first, last


def _check_time(model: type[models.Model], name: str) -> None:
    field, _way, there = name.partition("__")
    found = model._meta.get_field(field)
    related = found.related_model if there else None
    if there and (not isinstance(related, type) or nature_of(related) == "scoped"):
        raise ImproperlyConfigured(f"{model._meta.label}: {name} does not lead to a public table")


@cache
def scoped_tables() -> dict[str, type[models.Model]]:
    """Table name → model, for every scoped model."""
    return {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if nature_of(model) == "scoped"
    }
