"""Tables of the pages engine: how somebody wants a table, what broke, and which form was already answered."""

from django.conf import settings
from django.db import models

from hangbiao.engines.scope.models import SystemModel


class TableChoice(SystemModel):
    """The columns somebody chose for one table."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    table = models.CharField(max_length=60)
    columns = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "table"], name="table_choice_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.table}"


class Fault(SystemModel):
    """Something broke while a page was made. The reader sees `number`; the administrator finds the rest by it."""

    number = models.CharField(max_length=12, unique=True)
    at = models.DateTimeField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    method = models.CharField(max_length=8)
    address = models.CharField(max_length=400)
    kind = models.CharField(max_length=120)
    said = models.CharField(max_length=400)
    trace = models.TextField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["at"], name="fault_by_time")]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class Answered(SystemModel):
    """A form that was sent with a key of its own, and what it was answered. Written in the deed's own transaction."""

    reader = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "key"], name="answered_once")]
        indexes = [models.Index(fields=["at"], name="answered_by_time")]

    def __str__(self) -> str:
        return f"{self.reader} {self.key} {self.status}"
