"""What was done when."""

from django.db import models
from django.db.models import Q

from hangbiao.engines.scope.models import SystemModel


class Turn(SystemModel):
    """One time that a schedule did its work, or tried to. `key` names the occurrence it was for; empty: by hand, out of turn.
    The first turn, `begun`, names the last occurrence that is not owed any more."""

    class Result(models.TextChoices):
        BEGUN = "begun", "the schedule is known from here on: what fell due earlier is not owed"
        DONE = "done"
        NOTHING = "nothing", "there was nothing to do"
        FAILED = "failed"

    schedule = models.CharField(max_length=60)
    key = models.CharField(max_length=10, blank=True)
    due = models.DateTimeField(null=True)
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField(default=0)
    result = models.CharField(max_length=7, choices=Result)
    facts = models.JSONField(default=dict, help_text="what came of it, in numbers")
    trouble = models.CharField(max_length=400, blank=True)
    actor = models.CharField(max_length=80)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["schedule", "-id"], name="turns_of_a_schedule")]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "key"], condition=Q(result__in=["done", "nothing"]) & ~Q(key=""), name="turn_done_once"
            ),
            models.UniqueConstraint(fields=["schedule"], condition=Q(result="begun"), name="turn_begun_once"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule} {self.key} {self.result}"


class Pulse(SystemModel):
    """One row: when the background last looked whether anything is due, by the clock on the wall."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at}"
