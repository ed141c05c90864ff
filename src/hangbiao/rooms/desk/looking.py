"""Which things somebody has already looked at."""

from collections.abc import Iterable

from hangbiao.rooms.desk.models import Looked
from hangbiao.rooms.people.viewer import Viewer


def light_key(run: int, person: int) -> str:
    """Names somebody's official light of one checkpoint."""
    return f"light:{run}:{person}"


def lights_looked_at(viewer: Viewer, run: int) -> set[int]:
    """The people whose official light of a checkpoint this viewer has seen."""
    if viewer.account_id is None:
        return set()
    prefix = light_key(run, 0)[:-1]
    keys = Looked.objects.filter(account_id=viewer.account_id, key__startswith=prefix).values_list("key", flat=True)
    return {int(key.removeprefix(prefix)) for key in keys}


def looked_at(viewer: Viewer, keys: Iterable[str]) -> set[str]:
    """Those of `keys` that this viewer has seen."""
    wanted = list(keys)
    if not wanted or viewer.account_id is None:
        return set()
    return set(Looked.objects.filter(account_id=viewer.account_id, key__in=wanted).values_list("key", flat=True))
