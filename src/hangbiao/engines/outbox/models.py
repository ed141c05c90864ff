"""What is still to follow."""

from django.db import models

from hangbiao.engines.scope.models import SystemModel


class Pending(SystemModel):
    """One reaction to one event, kept until it has happened; done rows stay for a month."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        STUCK = "stuck"

    reaction = models.CharField(max_length=80)
    event = models.CharField(max_length=80)
    facts = models.JSONField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(help_text="by the wall clock")
    trouble = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["state", "next_try"], name="outbox_due")]

    def __str__(self) -> str:
        return f"{self.reaction} of {self.event} {self.pk}"
