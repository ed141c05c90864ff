"""Which things somebody has already looked at."""

from collections.abc import Iterable

from hangbiao.rooms.desk.models import Looked
from hangbiao.rooms.people.viewer import Viewer


def light_key(run: int, person: int) -> str:
    """Names somebody's official light of one checkpoint."""
    return f"light:{run}:{person}"


def looked_at(viewer: Viewer, keys: Iterable[str]) -> set[str]:
    """Those of `keys` that this viewer has seen."""
    wanted = list(keys)
    if not wanted or viewer.account_id is None:
        return set()
    return set(Looked.objects.filter(account_id=viewer.account_id, key__in=wanted).values_list("key", flat=True))
