"""Django system checks: a model that is scoped in name is scoped in deed."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register

from hangbiao.engines.scope.models import ScopedManager
from hangbiao.engines.scope.registry import columns_of, nature_of, time_of


@register
def every_model_says_who_may_see_it(**_: Any) -> list[CheckMessage]:
    """Each model of ours declares its nature; a scoped one has real columns and no way around its manager."""
    found: list[CheckMessage] = []
    for model in apps.get_models():
        if not model.__module__.startswith("hangbiao."):
            continue
        nature = nature_of(model)
        if nature is None:
            found.append(Error("declares no `class Scoping: nature = ...`", obj=model, id="scope.E001"))
        if nature != "scoped":
            continue
        columns_of(model)  # raises, naming the model, if it has neither column
        time_of(model)  # raises if what it names is not there
        if not all(isinstance(manager, ScopedManager) for manager in model._meta.managers):
            found.append(Error("has a manager that is not scoped", obj=model, id="scope.E002"))
        if not isinstance(model._meta.base_manager, ScopedManager):
            found.append(Error("has a base manager that is not scoped", obj=model, id="scope.E003"))
    return found
