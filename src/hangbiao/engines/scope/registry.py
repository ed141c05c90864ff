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
def scoped_tables() -> dict[str, type[models.Model]]:
    """Table name → model, for every scoped model."""
    return {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if nature_of(model) == "scoped"
    }
