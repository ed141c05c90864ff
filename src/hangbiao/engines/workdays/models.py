"""Versions of the working-day table."""

from django.db import models


class Version(models.Model):
    """One state of the whole table. Number 1 is the seed; every change makes the next."""

    number = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField()
    reason = models.TextField()
    digest = models.CharField(max_length=64)  # of all its days, so that two equal states can be recognised
    first = models.DateField()  # the whole table reaches from here
    last = models.DateField()  # to here

    class Scoping:
        nature = "public"

    def __str__(self) -> str:
        return f"workdays {self.number}"


class Day(models.Model):
    """A day as one version knows it: the newest row with a version up to the asked one counts."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    is_work = models.BooleanField()
    name = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=100)
    provisional = models.BooleanField(default=False)

    class Scoping:
        nature = "public"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "version"], name="workdays_day_once_a_version")]

    def __str__(self) -> str:
        return f"{self.day} {'work' if self.is_work else 'rest'}"
