"""The scope as a condition on one table reference, carrying the mark by which the tripwire knows it.

The mark names the alias of that very reference, so that a second, unfiltered reference to the same table in the same
statement is not covered by it.
"""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Col, Expression
from django.db.models.sql.compiler import SQLCompiler

from hangbiao.engines.scope.context import Scope, below, current
from hangbiao.engines.scope.errors import Unscoped
from hangbiao.engines.scope.registry import columns_of, time_of


def mark(table: str, alias: str) -> str:
    """The comment that says: this reference is filtered."""
    return f"/*scoped {table} {alias}*/"


def condition(
    scope: Scope, path: str | None, person: str | None, time: tuple[str, str] | None = None
) -> tuple[str, list[Any]]:
    """SQL and parameters for `scope`, given the columns as SQL (None if the table lacks one)."""
    if scope.everything:
        return "TRUE", []
    ways: list[str] = []
    parameters: list[Any] = []
    if path is not None:
        for prefix in scope.paths:
            ways.append(f'({path} COLLATE "C" >= %s AND {path} COLLATE "C" < %s)')
            parameters += below(prefix)
        for past in scope.past if time else ():
            first, last = time or ("", "")
            ways.append(f'({path} COLLATE "C" >= %s AND {path} COLLATE "C" < %s AND {first} <= %s AND {last} >= %s)')
            parameters += [*below(past.path), past.last, past.first]
    if person is not None and scope.person_id is not None:
        ways.append(f"{person} = %s")
        parameters.append(scope.person_id)
    return (f"({' OR '.join(ways)})" if ways else "FALSE"), parameters


def raw_condition(model: type[models.Model], alias: str, scope: Scope | None = None) -> tuple[str, list[Any]]:
    """For a statement in a room's `sql.py`: the marked condition on the reference to `model`'s table called `alias`.

    Takes the acting scope unless one is given; put it into WHERE (or ON) as it is.
    """
    path, person = columns_of(model)
    place, whose = (None if name is None else f"{alias}.{_column(model, name)}" for name in (path, person))
    time = time_of(model)
    spoken = (_time_in_sql(model, alias, time[0]), _time_in_sql(model, alias, time[1])) if time else None
    sql, parameters = condition(scope or required(model), place, whose, spoken)
    return f"{mark(model._meta.db_table, alias)} {sql}", parameters


def _column(model: type[models.Model], name: str) -> str:
    return f'"{model._meta.get_field(name).get_attname_column()[1]}"'  # type: ignore[union-attr]


def _time_in_sql(model: type[models.Model], alias: str, name: str) -> str:
    """A row's own column, or that of the public row it names."""
    field, _way, there = name.partition("__")
    if not there:
        return f"{alias}.{_column(model, field)}"
    related: Any = model._meta.get_field(field).related_model
    key = _column(related, related._meta.pk.name)
    table, ours = related._meta.db_table, f"{alias}.{_column(model, field)}"
    return f'(SELECT t.{_column(related, there)} FROM "{table}" t WHERE t.{key} = {ours})'


def required(model: type[models.Model]) -> Scope:
    """The acting scope; Unscoped if there is none."""
    scope = current()
    if scope is None:
        raise Unscoped(model=model._meta.label, hint="wrap the work in acting(scope)")
    return scope


class InScope(Expression):
    """The `WHERE` part of a scoped queryset. Joins and subqueries relabel it like any other column.

    A queryset may be built in one scope and read in another: it then shows what both see.
    """

    conditional = True

    def __init__(self, model: type[models.Model], scope: Scope, through: str = "") -> None:
        super().__init__(output_field=models.BooleanField())
        self.model = model
        self.scope = scope
        self.has = tuple(name is not None for name in columns_of(model))
        self.columns: list[Any] = [models.F(through + name) for name in columns_of(model) if name is not None]
        self.dated = bool(scope.past and time_of(model))
        if self.dated:  # for nobody else is a table joined that says from when a row is
            self.columns += [models.F(through + name) for name in time_of(model) or ()]

    def get_source_expressions(self) -> list[Any]:
        return self.columns

    def set_source_expressions(self, exprs: Any) -> None:
        self.columns = list(exprs)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        names = iter([compiler.compile(column)[0] for column in self.columns])
        path, person = (next(names) if has else None for has in self.has)
        time = (next(names), next(names)) if self.dated else None
        sql, parameters = condition(self.scope, path, person, time)
        now = required(self.model)
        if now != self.scope:
            also, more = condition(now, path, person, time)
            sql, parameters = f"({sql} AND {also})", parameters + more
        alias = self.columns[0].alias if isinstance(self.columns[0], Col) else self.model._meta.db_table
        return f"{mark(self.model._meta.db_table, alias)} {sql}", parameters
