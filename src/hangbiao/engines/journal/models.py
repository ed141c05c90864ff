"""The chain, its heads, and the looks that were taken at it."""

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
        indexes = [
            models.Index(fields=["kind", "at"], name="journal_entry_kind_at"),
            models.Index(fields=["at", "id"], name="journal_entry_at"),
            models.Index(fields=["actor", "at"], name="journal_entry_actor_at"),
        ]

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


class Verification(models.Model):
    """Somebody had the chain verified: one stream, or all of them (`stream` empty). The worker does it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"

    stream = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    at = models.DateTimeField()
    actor = models.TextField()
    done = models.BigIntegerField(default=0, help_text="lines walked so far")
    total = models.BigIntegerField(default=0, help_text="lines there were when it began")
    streams = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list)
    broken = models.BigIntegerField(default=0, help_text="findings that break the record, those not kept included")
    doubtful = models.BigIntegerField(default=0, help_text="findings that only ask for a look")
    finished_at = models.DateTimeField(null=True)

    class Scoping:
        nature = "system"

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["stream"], condition=~models.Q(state="done"), name="journal_verification_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.stream or 'all'} {self.state}"
