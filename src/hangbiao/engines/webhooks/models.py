"""Who is told, and what became of it."""

from django.conf import settings
from django.db import models

from hangbiao.engines.scope.models import SystemModel


class Subscription(SystemModel):
    """A program that wants to hear of some events. Its secret is kept encrypted: signing needs it."""

    name = models.CharField(max_length=80)
    url = models.CharField(max_length=400)
    events = models.JSONField()
    secret = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class Delivery(SystemModel):
    """One event for one subscription."""

    class State(models.TextChoices):
        WAITING = "waiting"
        HEARD = "heard"
        DEAD = "dead"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="deliveries")
    event_id = models.CharField(max_length=40)
    event = models.CharField(max_length=80)
    body = models.TextField()
    at = models.DateTimeField(help_text="when it happened")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(help_text="by the wall clock")
    status = models.PositiveSmallIntegerField(null=True)
    trouble = models.CharField(max_length=40, blank=True, help_text="code of what went wrong last")
    said = models.CharField(max_length=400, blank=True, help_text="what the other side or the network said")
    heard_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "event_id"], name="delivery_once_per_event")
        ]
        indexes = [models.Index(fields=["state", "next_try"], name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.event} {self.event_id}"
