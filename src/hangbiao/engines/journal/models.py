"""The chain and its heads."""

from django.db import models


class Entry(models.Model):
    """One line of the journal. `hash` covers everything else in the row and the hash of the line before it."""

    stream = models.TextField()
    n = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.TextField()
    kind = models.TextField()
    data = models.JSONField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Scoping:
        nature = "system"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "n"], name="journal_entry_number"),
            models.UniqueConstraint(fields=["stream", "prev"], name="journal_entry_no_fork"),
            models.UniqueConstraint(fields=["hash"], name="journal_entry_hash"),
            models.CheckConstraint(condition=models.Q(n__gte=1), name="journal_entry_counts_from_one"),
        ]
        indexes = [models.Index(fields=["kind", "at"], name="journal_entry_kind_at")]

    def __str__(self) -> str:
        return f"{self.stream} {self.n}: {self.kind}"


class Head(models.Model):
    """The last link of a stream; whoever writes the next line holds this row."""

    stream = models.TextField(primary_key=True)
    n = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Scoping:
        nature = "system"

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(n__gte=0), name="journal_head_counts")]

    def __str__(self) -> str:
        return f"{self.stream} {self.n}"
