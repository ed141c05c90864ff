"""What a page need not read twice: answers that stay the same as long as an evaluation does. One memory per process.

A key names the run and everything the answer depends on, the reader's scope among it; the run's own instant is part of
it, so a new evaluation, another database or another company never meets an old answer.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar, cast

from django.db import connection

from hangbiao.engines.scope.context import Scope

T = TypeVar("T")
MOST = 96
_kept: OrderedDict[Hashable, Any] = OrderedDict()
_lock = Lock()


def remembered(run: Any, scope: Scope, key: Hashable, make: Callable[[], T]) -> T:
    """The answer kept for this run, scope and key; else what `make` gives, which is kept."""
    whole = (connection.settings_dict["NAME"], run.pk, run.at, run.facts_as_of, scope, key)
    with _lock:
        if whole in _kept:
            _kept.move_to_end(whole)
            return cast("T", _kept[whole])
    made = make()
    with _lock:
        _kept[whole] = made
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made
