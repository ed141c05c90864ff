"""The backend that settings name. Everything but the telling is Django's own."""

import re
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper

from hangbiao.engines.scope import sql
from hangbiao.engines.scope.context import Scope, current
from hangbiao.engines.scope.tripwire import stop_unscoped

# Must work in a transaction that has failed, where nothing can be told.
OF_SAVEPOINTS = re.compile(r"\s*(savepoint|release|rollback)\b", re.IGNORECASE)
NOTHING = (sql.APP, "", "")
Told = tuple[str, str, str]


def words_of(scope: Scope | None) -> Told:
    """What the session is told: its role, the paths, the person. Nobody acting is told as "sees nothing"."""
    if scope is None:
        return NOTHING
    if scope.everything:
        return sql.SYSTEM, "", ""
    return sql.APP, *sql.told((*scope.paths, *(past.path for past in scope.past)), scope.person_id)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that knows what its session was told last.

    The settings are those of the session, so that they hold in and out of transactions alike. Whenever the database
    takes one back by itself (a rollback), what was told counts as unknown and is told again before the next statement.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told: Told | None = None

    @property
    def walled(self) -> bool:
        """The owner's connection migrates; it acts in no scope."""
        return self.alias == "default"

    def connect(self) -> None:
        self.told = None
        super().connect()

    def init_connection_state(self) -> None:
        super().init_connection_state()
        if self.walled and self.guard not in self.execute_wrappers:
            self.execute_wrappers.append(self.guard)

    def guard(self, execute: Any, statement: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """The execute_wrapper: the tripwire first, then the session is told."""
        text = statement if isinstance(statement, str) else statement.as_string(self.connection)
        if not OF_SAVEPOINTS.match(text):
            stop_unscoped(text)
            self.tell(current())
        return execute(statement, params, many, context)

    def tell(self, scope: Scope | None) -> None:
        """Say in whose scope the session acts from here on, unless it knows."""
        words = words_of(scope)
        if words != self.told:
            self.told = None
            self.connection.execute(sql.TELL, words)  # lint-skip: raw-sql-in-sql-py - the statement is sql.py's
            self.told = words

    def forget(self) -> None:
        """At the end of a request: nothing stays behind for whoever gets the connection next."""
        if self.connection is None or self.told in (None, NOTHING) or self.needs_rollback or self.in_atomic_block:
            return
        self.tell(None)

    def _rollback(self) -> Any:
        self.told = None
        return super()._rollback()  # type: ignore[misc]  # private to Django, and nothing else tells of a rollback

    def _savepoint_rollback(self, sid: str) -> None:
        self.told = None
        super()._savepoint_rollback(sid)  # type: ignore[misc]

    def make_cursor(self, cursor: Any) -> Any:
        return _Cursor(cursor, self) if self.walled else super().make_cursor(cursor)

    def make_debug_cursor(self, cursor: Any) -> Any:
        return _DebugCursor(cursor, self) if self.walled else super().make_debug_cursor(cursor)


class _Copying:
    """COPY does not pass the execute_wrappers."""

    db: DatabaseWrapper
    cursor: Any

    def copy(self, statement: Any, *args: Any, **kwargs: Any) -> Any:
        text = statement if isinstance(statement, str) else statement.as_string(self.db.connection)
        stop_unscoped(text)
        self.db.tell(current())
        return self.cursor.copy(statement, *args, **kwargs)  # lint-skip: raw-sql-in-sql-py - hands on what a room wrote


class _Cursor(_Copying, CursorWrapper):
    """A cursor that tells before it copies."""


class _DebugCursor(_Copying, base.CursorDebugWrapper):
    """The same where queries are kept for debugging."""
