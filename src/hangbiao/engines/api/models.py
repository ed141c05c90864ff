"""Keys of programs, how often they asked, and what they were answered."""

from django.conf import settings
from django.db import models

from hangbiao.engines.scope.models import SystemModel


class ApiKey(SystemModel):
    """What a program shows to be let in. Only the digest is kept; `prefix` is the part that people may see."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(help_text="what it may do, e.g. read:lights")
    paths = models.JSONField(help_text="the units whose rows it may reach, as paths")
    reason = models.CharField(max_length=200)
    per_minute = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.shown})"

    @property
    def shown(self) -> str:
        """As much of the key as may stand on a page."""
        return f"hb_{self.prefix}_…"

    @property
    def actor(self) -> str:
        """How the journal names this key."""
        return f"key:{self.prefix}"


class Use(SystemModel):
    """How often a key asked in one minute of the wall clock."""

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="uses")
    minute = models.BigIntegerField()
    times = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "minute"], name="api_use_once_a_minute")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.minute} {self.times}"


class Answer(SystemModel):
    """What the first request with an Idempotency-Key was answered; the row is there before the deed is done."""

    holder = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    request = models.CharField(max_length=64, help_text="digest of method, path and body")
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "key"], name="api_answer_once")]
        indexes = [models.Index(fields=["at"], name="api_answer_at")]

    def __str__(self) -> str:
        return f"{self.holder} {self.key}"
