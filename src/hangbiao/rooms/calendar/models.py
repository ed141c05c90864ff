"""Tables of the calendar room."""

from django.db import models

from hangbiao.engines.scope.models import PublicModel


class FiscalPeriod(PublicModel):
    code = models.CharField(max_length=10, unique=True)
    start = models.DateField(unique=True)
    end = models.DateField()

    class Meta:
        ordering = ["start"]

    def __str__(self) -> str:
        return self.code


class Week(PublicModel):
    period = models.ForeignKey(FiscalPeriod, models.PROTECT, related_name="weeks")
    number = models.PositiveSmallIntegerField()
    start = models.DateField()
    end = models.DateField()

    class Meta:
        ordering = ["start"]
        constraints = [models.UniqueConstraint(fields=["period", "number"], name="week_numbered_once")]

    def __str__(self) -> str:
        return f"{self.period.code} W{self.number}"


class Checkpoint(PublicModel):
    """A day whose light is official and never changes afterwards."""

    period = models.ForeignKey(FiscalPeriod, models.PROTECT, related_name="checkpoints")
    number = models.PositiveSmallIntegerField()
    day = models.DateField()

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["period", "day"], name="checkpoint_once_a_day")]

    def __str__(self) -> str:
        return f"{self.period.code} {self.day}"


class Window(PublicModel):
    """The dates between which a target may be corrected."""

    period = models.ForeignKey(FiscalPeriod, models.PROTECT, related_name="windows")
    week = models.PositiveSmallIntegerField()
    opens = models.DateField()
    closes = models.DateField()

    class Meta:
        ordering = ["opens"]
        constraints = [models.UniqueConstraint(fields=["period", "week"], name="window_once_a_week")]

    def __str__(self) -> str:
        return f"{self.period.code} W{self.week}"
