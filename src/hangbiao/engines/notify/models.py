"""Tables of the messages. Two clocks: `at`, `send_at`, `expires_at` go by the company's, all the rest by the wall's."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from hangbiao.engines.scope.models import SystemModel


class Message(SystemModel):
    """Something told to one account at one moment (or to a group, which has none). Never deleted."""

    class State(models.TextChoices):
        QUEUED = "queued"
        COMPOSED = "composed"
        ACCEPTED = "accepted"
        CONFIRMED = "confirmed"
        READ = "read"
        FILTERED = "filtered"
        FAILED = "failed"
        DEAD = "dead"
        EXPIRED = "expired"
        WITHDRAWN = "withdrawn"

    number = models.CharField(max_length=50, unique=True, help_text="the business key, seen in the text")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    href = models.CharField(max_length=200, blank=True)
    light = models.CharField(max_length=6, blank=True)
    due_on = models.DateField(null=True)
    at = models.DateTimeField()
    send_at = models.DateTimeField(help_text="not in quiet time")
    expires_at = models.DateTimeField()

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    channel = models.CharField(max_length=40, blank=True)
    to = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=16, blank=True)
    parcel_kind = models.CharField(max_length=40, blank=True)
    parcel = models.BinaryField(null=True)
    shortened = models.BooleanField(default=False)
    passed = models.JSONField(default=list, help_text="channels that are not asked again")

    tries = models.PositiveIntegerField(default=0)
    first_try = models.DateTimeField(null=True, help_text="on the present channel")
    begun = models.BooleanField(default=False, help_text="a try has no outcome yet")
    uncertain = models.BooleanField(default=False, help_text="a try may have arrived although no answer said so")
    next_try = models.DateTimeField()
    trouble = models.CharField(max_length=10, blank=True)
    code = models.CharField(max_length=80, blank=True)
    said = models.CharField(max_length=200, blank=True)
    receipt = models.JSONField(null=True)
    accepted_at = models.DateTimeField(null=True)
    next_look = models.DateTimeField(null=True, help_text="when the vendor is asked for the outcome")
    looks = models.PositiveSmallIntegerField(default=0)
    closing = models.DateTimeField(null=True, help_text="when the vendor is told that it is done")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try"], condition=Q(state__in=["queued", "composed"]), name="notify_due"),
            models.Index(fields=["next_look"], condition=Q(next_look__isnull=False), name="notify_look"),
            models.Index(fields=["closing"], condition=Q(closing__isnull=False), name="notify_closing"),
            models.Index(fields=["account", "send_at"], name="notify_of_account"),
        ]

    def __str__(self) -> str:
        return self.number


class Part(SystemModel):
    """One event in a message. Told twice, it is there once."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="parts")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=100)
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    href = models.CharField(max_length=200, blank=True)
    asks = models.BooleanField(default=False, help_text="it only says what is to be done")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="part_once"),
            models.UniqueConstraint(fields=["key"], condition=Q(account__isnull=True), name="part_once_for_a_group"),
        ]

    def __str__(self) -> str:
        return self.key


class Todo(SystemModel):
    """Something a message asks to be done, by the name that its room gives it."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="todos")
    about = models.CharField(max_length=80)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "about"], name="todo_once_per_message")]
        indexes = [models.Index(fields=["about"], condition=Q(done_at__isnull=True), name="notify_open_todos")]

    def __str__(self) -> str:
        return self.about


class Attempt(SystemModel):
    """What came of one try, or what was heard later. Append-only."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    channel = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=10, help_text="a state, or the class of the trouble")
    code = models.CharField(max_length=80, blank=True)
    said = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.channel} {self.outcome} {self.code}"


class Callback(SystemModel):
    """What a messenger told us of its own accord, once, however often it said it. Append-only."""

    messenger = models.CharField(max_length=40)
    told = models.CharField(max_length=100, help_text="the same for each repeat")
    kind = models.CharField(max_length=80)
    person = models.CharField(max_length=128, blank=True, help_text="by the messenger's id")
    number = models.CharField(max_length=128, blank=True, help_text="of the message it is about")
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["messenger", "told"], name="callback_once")]

    def __str__(self) -> str:
        return f"{self.messenger} {self.kind} {self.told}"


class Template(SystemModel):
    """One version of what a kind of message says in one language. Append-only; the newest counts, before it the shipped one."""

    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=16)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField()
    button = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "language", "version"], name="template_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.version}"


class ChannelState(SystemModel):
    """How a channel is doing, shared by all senders."""

    name = models.CharField(max_length=40, primary_key=True)
    free_at = models.DateTimeField(help_text="the token bucket: when the next one would be full")
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    rests_until = models.DateTimeField(null=True, help_text="the circuit is open till then")
    stopped_at = models.DateTimeField(null=True, help_text="since when it waits for an administrator")
    trouble = models.CharField(max_length=10, blank=True)
    code = models.CharField(max_length=80, blank=True)
    said = models.CharField(max_length=200, blank=True)
    worked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
