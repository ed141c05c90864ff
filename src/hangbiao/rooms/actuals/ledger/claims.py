"""Which batch's word counts for a line: what is needed to undo a batch exactly."""

from collections.abc import Sequence

from hangbiao.rooms.actuals.ledger import sql
from hangbiao.rooms.actuals.ledger.landing import claim_files, place_of
from hangbiao.rooms.actuals.ledger.stage import Stage
from hangbiao.rooms.actuals.models import Batch, LandedFile


def counting(stream: str) -> set[int]:
    """The batches of lines that count."""
    found = Batch.objects.filter(stream=stream, counts=True, undoes=None)
    return set(found.values_list("pk", flat=True))


def compare(stage: Stage, root: Batch) -> None:
    """Fill the stage's table `moves`: the lines whose counting claim changes when `root` ceases, or begins again, to
    count."""
    stage.clear()
    own, confirmed = claim_files(root.stream, root.pk)
    if not own and not confirmed:
        stage.duck.execute(sql.no_moves())
        return
    stage.duck.execute(sql.make_subject([*own, *confirmed]))
    stage.duck.execute(sql.make_claims(*claim_files(root.stream)))
    before = counting(root.stream)
    stage.duck.execute(sql.make_moves(before, before ^ {root.pk}))


def register(files: Sequence[LandedFile]) -> None:
    """From here on the files count."""
    LandedFile.objects.bulk_create(files)


def vague_batches(root: Batch, *, redo: bool) -> list[int]:
    """Batches whose unchanged lines were not written down (they came before that was done), so that nobody can say
    whether those lines were among the ones of `root`."""
    batches = Batch.objects.filter(stream=root.stream, unchanged__gt=0, undoes=None, counts=True, pk__gt=root.pk)
    vague = batches.exclude(landed__holds=LandedFile.Holds.CONFIRMED)
    found = list(vague.values_list("pk", flat=True))
    undone_before = Batch.objects.filter(stream=root.stream, counts=False, undoes=None, pk__lt=root.pk)
    own = root.unchanged and not root.landed.filter(holds=LandedFile.Holds.CONFIRMED).exists()
    if redo and own and undone_before.exists():
        found.append(root.pk)
    return sorted(found)


def absent_files(root: Batch) -> list[str]:
    """Landed files that the undoing needs and that are not there."""
    mine = root.landed.values_list("day", flat=True)
    needed = LandedFile.objects.filter(stream=root.stream)
    paths = needed.filter(day__in=[d for d in mine if d]) | needed.filter(day=None)
    return [f.path for f in paths if not place_of(f.path).is_file()][:5]
