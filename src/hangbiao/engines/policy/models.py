"""Dated values."""

from django.db import models


class Value(models.Model):
    """From `valid_from` on, `key` is `value` below `path`; the row recorded last wins where two begin on one day."""

    key = models.CharField(max_length=100)
    path = models.CharField(
        max_length=200, blank=True
    )  # '' = everywhere, '/C/R01/' = that part of the organisation
    valid_from = models.DateField()
    value = models.JSONField()
    unit = models.CharField(max_length=32, blank=True)
    source = models.TextField()
    approver = models.CharField(max_length=100)
    recorded_at = models.DateTimeField()

    class Scoping:
        nature = "public"

    class Meta:
        indexes = [models.Index(fields=["key", "valid_from", "recorded_at"], name="policy_value_in_force")]

    def __str__(self) -> str:
        return f"{self.key} from {self.valid_from}"
