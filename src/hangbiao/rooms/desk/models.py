"""Tables of the desk room: notices in the house, what somebody has looked at, how they want to be reached."""

from django.conf import settings
from django.db import models

from hangbiao.engines.scope.models import SystemModel


class Notice(SystemModel):
    """Something that happened and concerns an account. `kind` and `facts` become a sentence in the reader's language."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=80, help_text="names the event: told twice, written once")
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    href = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["account", "-at"], name="notice_newest"),
            models.Index(fields=["account", "at"], condition=models.Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.key}"


class Looked(SystemModel):
    """Somebody has seen this: it waits no longer."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="looked_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.key}"


class Wishes(SystemModel):
    """How somebody wants to be reached. Empty hours: the company's own."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    channels = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="wishes_hours_both_or_none",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id}"
