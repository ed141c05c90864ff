"""What a scoped model inherits. No tables here."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Self, TypeVar, cast

from django.db import models

from hangbiao.engines.scope.conditions import InScope, required
from hangbiao.engines.scope.context import checked_inserts
from hangbiao.engines.scope.errors import OutOfScope
from hangbiao.engines.scope.registry import columns_of

Row = TypeVar("Row", bound=models.Model, covariant=True)


class PathField(models.CharField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A place in the organisation, /C/R01/T011/. Collates byte by byte, so that "below" is a range of an index."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("db_collation", "C")
        super().__init__(*args, **kwargs)


class ScopedQuerySet(models.QuerySet[Row]):
    """Reads what the scope covers, writes only into it."""

    def also_through(self, relation: str) -> Self:
        """Needed before filtering or selecting through `relation` to another scoped model: applies the scope there."""
        field = self.model._meta.get_field(relation)
        related = field.related_model
        if not isinstance(related, type):
            raise TypeError(f"{relation} of {self.model._meta.label} leads to no model")
        return self.filter(InScope(related, required(related), through=relation + "__"))

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        if (kwargs.get("update_conflicts") or args[2:3] == (True,)) and not required(self.model).everything:
            raise OutOfScope(
                model=self.model._meta.label, why="an upsert may write over a row that is not seen"
            )
        return super().bulk_create(objs, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._refuse_moves(kwargs)
        return super().update(**kwargs)

    def _update(self, values: Sequence[tuple[Any, Any, Any]]) -> int:
        self._refuse_moves({field.attname: value for field, _, value in values})
        result: int = super()._update(values)  # type: ignore[misc]
        return result

    _update.queryset_only = False  # type: ignore[attr-defined]

    def _insert(self, objs: Sequence[Any], *args: Any, **kwargs: Any) -> Any:
        scope = required(self.model)
        path, person = columns_of(self.model)
        for row in objs:
            place, whose = (getattr(row, name) if name else None for name in (path, person))
            if not scope.covers(place, whose):
                raise OutOfScope(model=self.model._meta.label, path=place, person=whose, scope=scope.reason)
        with _checked(self.model._meta.db_table):
            return super()._insert(objs, *args, **kwargs)  # type: ignore[misc]

    _insert.queryset_only = False  # type: ignore[attr-defined]

    def _refuse_moves(self, changes: dict[str, Any]) -> None:
        """A row may be handed on only to a place, or a person, that the scope covers too."""
        scope = required(self.model)
        path, person = columns_of(self.model)
        if scope.everything:
            return
        place = changes.get(path) if path else None
        whose = None
        if person and (person in changes or person.removesuffix("_id") in changes):
            whose = changes.get(person, changes.get(person.removesuffix("_id")))
            whose = getattr(whose, "pk", whose)
        touched = (place is not None) + (whose is not None)
        inside = (isinstance(place, str) and scope.covers(place)) + (
            isinstance(whose, int) and scope.covers(None, whose)
        )
        if touched and not inside:
            raise OutOfScope(model=self.model._meta.label, path=place, person=whose, scope=scope.reason)


@contextmanager
def _checked(table: str) -> Iterator[None]:
    token = checked_inserts.set(checked_inserts.get() | {table})
    try:
        yield
    finally:
        checked_inserts.reset(token)


_Manager = models.Manager.from_queryset(ScopedQuerySet)


class ScopedManager(_Manager[Row]):
    """The only manager of a scoped model; refuses to begin a query while nobody is acting."""

    def get_queryset(self) -> ScopedQuerySet[Row]:
        rows = cast("ScopedQuerySet[Row]", super().get_queryset())
        return rows.filter(InScope(self.model, required(self.model)))


class ScopedModel(models.Model):
    """Rows that belong to a place, `org_path`, or to a person, `person_id`, or both; one of the columns may lack.

    A model whose columns are called otherwise declares its own `class Scoping`.
    """

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Scoping:
        nature = "scoped"
        path = "org_path"
        person = "person_id"

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"


class PublicModel(models.Model):
    """Rows that everybody who is signed in may see."""

    class Scoping:
        nature = "public"

    class Meta:
        abstract = True


class SystemModel(models.Model):
    """Rows that no page lists: the machinery's own, or reached only through a service that checks."""

    class Scoping:
        nature = "system"

    class Meta:
        abstract = True
