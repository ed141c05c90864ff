"""Tables of the lights room. A run's rows are written once; a preview run replaces the one before it."""

from django.db import models

from hangbiao.engines.scope.models import PathField, PublicModel, ScopedModel


class Run(PublicModel):
    """One evaluation of a period as of a day, with the names of everything it was computed from."""

    class Kind(models.TextChoices):
        PREVIEW = "preview"
        CHECKPOINT = "checkpoint"

    kind = models.CharField(max_length=10, choices=Kind)
    period = models.ForeignKey("calendar.FiscalPeriod", models.PROTECT, related_name="runs")
    as_of = models.DateField()
    at = models.DateTimeField()
    policy = models.JSONField()
    policy_known_at = models.DateTimeField()
    facts_as_of = models.BigIntegerField()
    calendar_version = models.PositiveIntegerField()
    targets_known_at = models.DateTimeField()
    feeds = models.JSONField(help_text="metric → region path → the last day its data reached")
    away = models.JSONField(help_text="people on protected leave that day")
    works = models.JSONField(null=True, help_text="person → territory that day; written by the first projection")
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    rows = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    unassigned = models.JSONField(
        null=True, help_text="book → (metric, unit path, amount) of no holder; written with the projection"
    )

    class Meta:
        ordering = ["as_of", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "as_of"],
                condition=models.Q(kind="checkpoint"),
                name="run_one_checkpoint_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.as_of}"


class RuleVersion(PublicModel):
    """One immutable version of a rule, from `valid_from` on. A version that is `ended` takes the rule out of force."""

    code = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    body = models.JSONField()
    ended = models.BooleanField(default=False)
    valid_from = models.DateField()
    reason = models.CharField(max_length=300)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["code", "number"]
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="rule_version_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"


class RuleDraft(PublicModel):
    """What somebody is writing: lights nothing until it is published."""

    code = models.CharField(max_length=40, unique=True)
    body = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.code


class Light(ScopedModel):
    """What one person's target says on one day. `light` is green, yellow, red or grey.

    The territory book has no lights of its own, its sums light the units. One index, the key: the ids come from the
    scorecard in the same statement, and each further index would cost as much as the judging (docs/decisions/0011).
    """

    pk = models.CompositePrimaryKey("run_id", "target_id")
    run = models.ForeignKey(Run, models.CASCADE, db_constraint=False, db_index=False, related_name="lights")
    target = models.ForeignKey(
        "targets.Target", models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    version = models.PositiveIntegerField()
    metric = models.ForeignKey(
        "targets.Metric", models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    org_path = PathField()
    base = models.BigIntegerField()
    stretch = models.BigIntegerField(null=True)
    actual = models.BigIntegerField()
    plan_num = models.DecimalField(max_digits=40, decimal_places=0)
    plan_den = models.DecimalField(max_digits=40, decimal_places=0)
    light = models.CharField(max_length=6)
    grey_reason = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10)
    confirmed = models.CharField(
        max_length=6, blank=True, help_text="the last official colour, grey ones passed over"
    )
    confirmed_before = models.CharField(max_length=6, blank=True, help_text="the official colour before that")
    data_as_of = models.DateField(null=True)
    rule = models.ForeignKey(
        "RuleVersion", models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+",
        help_text="the company's own rule that judged it; empty: the parameters",
    )  # fmt: skip

    class Scoping(ScopedModel.Scoping):
        time = "run__as_of"

    def __str__(self) -> str:
        return f"{self.run_id} {self.target_id} {self.light}"


class UnitLight(ScopedModel):
    """The same for a unit: ΣA, ΣP and ΣT over the territory book, and how many people stand where."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="units")
    metric = models.ForeignKey("targets.Metric", models.PROTECT, related_name="+")
    org_path = PathField()
    base = models.BigIntegerField()
    original_base = models.BigIntegerField(
        help_text="Σ of the first versions: the target as it was first agreed"
    )
    stretch = models.BigIntegerField()
    actual = models.BigIntegerField()
    plan = models.BigIntegerField(help_text="plan to date, rounded half up to the minor unit for printing")
    plan_num = models.DecimalField(max_digits=60, decimal_places=0)
    plan_den = models.DecimalField(max_digits=60, decimal_places=0)
    light = models.CharField(max_length=6)
    grey_reason = models.CharField(max_length=12, blank=True)
    people = models.PositiveIntegerField()
    green = models.PositiveIntegerField()
    yellow = models.PositiveIntegerField()
    red = models.PositiveIntegerField()
    grey = models.PositiveIntegerField()

    class Scoping(ScopedModel.Scoping):
        time = "run__as_of"

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["run", "metric", "org_path"], name="unit_light_once_per_run")
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.org_path} {self.light}"


class Projection(ScopedModel):
    """Where a target (or a unit, then `target` is empty) will probably end, with its 80 % range, in minor units."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="projections")
    target = models.ForeignKey("targets.Target", models.PROTECT, null=True, related_name="+")
    metric = models.ForeignKey("targets.Metric", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    org_path = PathField()
    method = models.CharField(max_length=20)
    point = models.BigIntegerField()
    low = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)
    p70_permille = models.PositiveSmallIntegerField(null=True)

    class Scoping(ScopedModel.Scoping):
        time = "run__as_of"

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["run", "org_path"])]

    def __str__(self) -> str:
        return f"{self.run_id} {self.target_id or self.org_path}"


class Flip(ScopedModel):
    """An official light that differs from the checkpoint before; written with the run, told once."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="flips")
    target = models.ForeignKey("targets.Target", models.PROTECT, related_name="+")
    metric = models.ForeignKey("targets.Metric", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    org_path = PathField()
    before = models.CharField(max_length=6, blank=True)
    after = models.CharField(max_length=6)

    class Scoping(ScopedModel.Scoping):
        time = "run__as_of"

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["run", "target"], name="flip_once_per_run")]

    def __str__(self) -> str:
        return f"{self.target_id} {self.before}→{self.after}"
