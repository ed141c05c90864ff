"""Tables of the targets room. Amounts are whole numbers of the metric's minor unit (fen for yuan)."""

from django.db import models
from django.db.models import F, Q

from hangbiao.engines.scope.models import PathField, PublicModel, ScopedModel


class Book(models.TextChoices):
    """The territory book never loses a day and rolls up; the person book is what a person answers for."""

    PERSON = "person"
    TERRITORY = "territory"


class Metric(PublicModel):
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=12)
    decimals = models.PositiveSmallIntegerField(default=0)
    direction = models.CharField(max_length=6, default="higher")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class PhasingSpec(PublicModel):
    """How a target spreads over its period, as text that any calendar can turn into a curve (core.phasing)."""

    digest = models.CharField(max_length=64, unique=True)
    spec = models.JSONField()

    def __str__(self) -> str:
        return self.digest[:8]


class Curve(PublicModel):
    spec = models.ForeignKey(PhasingSpec, models.PROTECT, related_name="curves")
    calendar_version = models.PositiveIntegerField()
    den = models.DecimalField(max_digits=40, decimal_places=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["spec", "calendar_version"], name="curve_once_per_calendar")
        ]

    def __str__(self) -> str:
        return f"{self.spec} v{self.calendar_version}"


class CurveDay(PublicModel):
    """Cumulative share at the end of `day`: num / curve.den of the target is planned by then."""

    curve = models.ForeignKey(Curve, models.PROTECT, related_name="days")
    day = models.DateField()
    num = models.DecimalField(max_digits=40, decimal_places=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["curve", "day"], name="curve_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.num}"


class Target(ScopedModel):
    """One number to reach: who or where, which metric, which period. `current` points at the version that counts."""

    book = models.CharField(max_length=10, choices=Book)
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="targets")
    period = models.ForeignKey("calendar.FiscalPeriod", models.PROTECT, related_name="targets")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="targets")
    territory = models.ForeignKey(
        "people.Territory", models.PROTECT, null=True, blank=True, related_name="targets"
    )
    org_path = PathField(db_index=True)
    current = models.PositiveIntegerField(default=0)

    class Scoping(ScopedModel.Scoping):
        time = "period__end"

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "period", "person"],
                condition=Q(book="person"),
                name="target_one_per_person",
            ),
            models.UniqueConstraint(
                fields=["metric", "period", "territory"],
                condition=Q(book="territory"),
                name="target_one_per_territory",
            ),
            models.CheckConstraint(
                condition=Q(book="person", person__isnull=False, territory__isnull=True)
                | Q(book="territory", person__isnull=True, territory__isnull=False),
                name="target_has_one_holder",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.person_id or self.territory_id} {self.period_id} {self.metric_id}"


class Version(ScopedModel):
    """What was agreed, once and for all."""

    target = models.ForeignKey(Target, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    base = models.BigIntegerField()
    stretch = models.BigIntegerField(null=True, blank=True)
    spec = models.ForeignKey(PhasingSpec, models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    active_days = models.PositiveSmallIntegerField(help_text="working days the holder answers for")
    period_days = models.PositiveSmallIntegerField(help_text="working days of the period")
    org_path = PathField()
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=120)
    reason = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()

    class Scoping(ScopedModel.Scoping):
        time = "last_day"

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["target", "number"], name="version_numbered_once"),
            models.CheckConstraint(
                condition=Q(stretch__isnull=True) | Q(stretch__gte=F("base")),
                name="version_stretch_not_below_base",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_id} v{self.number}"
