"""Tables of the actuals room. Amounts are whole numbers of the metric's minor unit.

Daily facts name people and territories without database constraints: a file of two million lines would pay for each
of them, every id comes from a look-up in the same transaction, and neither people nor territories are ever deleted.
"""

from django.db import models

from hangbiao.engines.scope.models import ScopedModel

RECREDIT = "recredit"  # the code of what stands for a mapping where lines changed hands and no file came


class MappingText(models.Model):
    """A mapping as it was when files were read through it; `digest` names it forever."""

    code = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    text = models.TextField()
    recorded_at = models.DateTimeField()
    saved_by = models.CharField(max_length=80, blank=True, help_text="who made it on the page; else a file")
    offered = models.BooleanField(default=False, help_text="the state of this mapping that the page offers")

    class Scoping:
        nature = "public"

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["code", "digest"], name="mapping_text_kept_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.digest[:8]}"


class Batch(models.Model):
    """One file that was accepted, or the undoing of one. Its running number says what was known when: `facts_as_of`."""

    stream = models.CharField(max_length=40)
    mapping = models.ForeignKey(MappingText, models.PROTECT, related_name="batches")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    rows_read = models.PositiveBigIntegerField(default=0)
    booked = models.PositiveBigIntegerField(default=0)
    unchanged = models.PositiveBigIntegerField(default=0)
    superseded = models.PositiveBigIntegerField(default=0)
    left_out = models.PositiveBigIntegerField(default=0)
    quarantined = models.PositiveBigIntegerField(default=0)
    suspected = models.PositiveBigIntegerField(default=0)
    repeated = models.PositiveBigIntegerField(
        default=0, help_text="lines that a later line of the same file replaced"
    )
    daily_changed = models.PositiveBigIntegerField(default=0)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    merkle_root = models.CharField(max_length=64)
    header = models.JSONField(
        default=list, help_text="the file's own columns, for sending refused rows again"
    )
    actor = models.CharField(max_length=80, blank=True)
    counts = models.BooleanField(default=True, help_text="false once another batch has undone it")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    reach = models.JSONField(null=True, help_text="place -> newest business day of the file's rows")
    effect = models.JSONField(
        null=True, help_text="metric -> by how much its daily facts moved, in minor units"
    )

    class Scoping:
        nature = "public"

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["sha256"], name="batch_by_content")]

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"


class LandedFile(models.Model):
    """An immutable Parquet file that counts. What lies in the landing folder unregistered never counted.

    `lines` of a day; the `keys` a batch claimed with new content; the lines it `confirmed`, which were known already
    and are remembered in case the batch that brought them is undone.
    """

    class Holds(models.TextChoices):
        LINES = "lines"
        KEYS = "keys"
        CONFIRMED = "confirmed"

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="landed")
    stream = models.CharField(max_length=40)
    holds = models.CharField(max_length=10, choices=Holds, default=Holds.LINES)
    day = models.DateField(null=True, help_text="empty for files that hold no lines")
    path = models.CharField(max_length=400, unique=True)
    rows = models.PositiveBigIntegerField()
    corrections = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64)

    class Scoping:
        nature = "system"

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["stream", "day"], name="landed_by_day")]

    def __str__(self) -> str:
        return self.path


class Quarantine(models.Model):
    """A row that was not booked, with the reason and what to do about it."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="refused")
    line = models.PositiveBigIntegerField()
    column = models.CharField(max_length=200)
    value = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=40)
    reason = models.CharField(max_length=400)
    remedy = models.CharField(max_length=400)
    raw = models.JSONField(help_text="the row as it was read, cell by cell")
    facts = models.JSONField(
        null=True, help_text="what the sentence of `code` says, for readers of any language"
    )
    sent = models.JSONField(null=True, help_text="the row as it was sent again")
    resolved_by = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="resolves")
    resolved_at = models.DateTimeField(null=True)
    resolved_actor = models.CharField(max_length=80, blank=True)

    class Scoping:
        nature = "system"

    class Meta:
        ordering = ["batch", "line"]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line} {self.reason}"


class Suspect(models.Model):
    """Lines that look like one sale booked twice. They count until somebody says otherwise."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="suspects")
    day = models.DateField()
    what = models.JSONField(help_text="outlet, sku, quantity and amount they share")
    lines = models.JSONField(help_text="the keys of the lines")
    verdict = models.CharField(
        max_length=10, blank=True, help_text="`both` are sales, or one is a `duplicate`"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    reversal = models.OneToOneField(Batch, models.PROTECT, null=True, related_name="reverses")

    class Scoping:
        nature = "system"

    class Meta:
        ordering = ["batch", "id"]

    def __str__(self) -> str:
        return f"{self.day} {self.what}"


class Upload(models.Model):
    """A file that somebody sent through the page. Its bytes are kept under its content hash in the landing folder."""

    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    mapping = models.ForeignKey(MappingText, models.PROTECT, null=True, related_name="+")
    put_away = models.BooleanField(default=False, help_text="no longer waits for anybody")

    class Scoping:
        nature = "system"

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"


class ImportJob(models.Model):
    """One piece of work in the background: a check (dry run), a booking, or the undoing of a batch."""

    class Kind(models.TextChoices):
        CHECK = "check"
        BOOK = "book"
        UNDO = "undo"

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        REFUSED = "refused"
        CANCELLED = "cancelled"
        FAILED = "failed"

    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    upload = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="jobs")
    mapping = models.ForeignKey(MappingText, models.PROTECT, null=True, related_name="+")
    subject = models.ForeignKey(
        Batch, models.PROTECT, null=True, related_name="+", help_text="what is to be undone"
    )
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, related_name="jobs", help_text="what came of it"
    )
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    phase = models.CharField(max_length=20, blank=True)
    rows_done = models.PositiveBigIntegerField(default=0)
    rows_total = models.PositiveBigIntegerField(null=True)
    elapsed_ms = models.PositiveBigIntegerField(
        default=0, help_text="at work so far; the time left is told from it"
    )
    cancel = models.BooleanField(default=False)
    language = models.CharField(max_length=16, blank=True, help_text="the language of whoever asked for it")
    report = models.JSONField(null=True)

    class Scoping:
        nature = "system"

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "upload", "mapping", "subject"],
                condition=models.Q(state__in=["waiting", "running"]),
                nulls_distinct=False,
                name="import_job_under_way_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.state}"


class DailyFact(ScopedModel):
    """What a metric came to on a business day, by territory and person, as known now. Partitioned by period."""

    period = models.ForeignKey(
        "calendar.FiscalPeriod", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    metric = models.ForeignKey(
        "targets.Metric", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    day = models.DateField()
    territory = models.ForeignKey(
        "people.Territory", models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    org_path = models.CharField(max_length=200, db_collation="C")
    value = models.BigIntegerField()
    revision = models.PositiveIntegerField(default=1)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    recorded_at = models.DateTimeField()

    class Scoping:
        nature = "scoped"
        path = "org_path"
        person = "person_id"
        time = "day"

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["period", "day", "person", "metric", "territory"],  # how bookings come, and pages ask
                nulls_distinct=False,
                name="daily_fact_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.metric_id} {self.value}"


class DailyFactHistory(ScopedModel):
    """A value that was replaced: it was known from its own batch until `replaced_by`. Append-only."""

    period = models.ForeignKey(
        "calendar.FiscalPeriod", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    metric = models.ForeignKey(
        "targets.Metric", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    day = models.DateField()
    territory = models.ForeignKey(
        "people.Territory", models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    org_path = models.CharField(max_length=200, db_collation="C")
    value = models.BigIntegerField()
    revision = models.PositiveIntegerField()
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    recorded_at = models.DateTimeField()
    replaced_by = models.ForeignKey(
        Batch, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )

    class Scoping:
        nature = "scoped"
        path = "org_path"
        person = "person_id"
        time = "day"

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["period", "metric", "day"], name="fact_history_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.metric_id} {self.value} until {self.replaced_by_id}"


class Feed(models.Model):
    """How far the data of a stream reach in a part of the organisation. A missing feed is not zero sales."""

    stream = models.CharField(max_length=40)
    org_path = models.CharField(max_length=200, db_collation="C")
    data_as_of = models.DateField()

    class Scoping:
        nature = "public"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "org_path"], name="feed_once")]

    def __str__(self) -> str:
        return f"{self.stream} {self.org_path} {self.data_as_of}"


class Scorecard(ScopedModel):
    """A target beside its actual: what an evaluation reads. Kept by deltas, checked against Σ daily facts.

    Few indexes and half-empty pages (migration 0002): every booking updates `actual` of many rows in place.
    """

    target = models.OneToOneField("targets.Target", models.PROTECT, related_name="scorecard")
    book = models.CharField(max_length=10)
    metric = models.ForeignKey("targets.Metric", models.PROTECT, related_name="+", db_index=False)
    period = models.ForeignKey("calendar.FiscalPeriod", models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    territory = models.ForeignKey(
        "people.Territory", models.PROTECT, null=True, related_name="+", db_index=False
    )
    org_path = models.CharField(max_length=200, db_collation="C")
    region = models.CharField(
        max_length=200, db_collation="C", help_text="the path as far as a feed tells regions apart"
    )
    version = models.PositiveIntegerField()
    base = models.BigIntegerField()
    original_base = models.BigIntegerField(help_text="of the first version: the target as it was first agreed")
    stretch = models.BigIntegerField(null=True)
    spec = models.ForeignKey("targets.PhasingSpec", models.PROTECT, related_name="+", db_index=False)
    first_day = models.DateField()
    last_day = models.DateField()
    active_days = models.PositiveSmallIntegerField()
    period_days = models.PositiveSmallIntegerField()
    actual = models.BigIntegerField(default=0)

    class Scoping:
        nature = "scoped"
        path = "org_path"
        person = "person_id"
        time = "period__end"

    class Meta(ScopedModel.Meta):
        indexes = [
            models.Index(fields=["period", "metric", "person"], name="scorecard_by_person"),
            models.Index(fields=["period", "metric", "territory"], name="scorecard_by_territory"),
        ]

    def __str__(self) -> str:
        return f"{self.target_id} {self.actual}/{self.base}"


class UnitDay(ScopedModel):
    """What a metric came to on a business day in a unit and all below it: Σ of its territories' daily facts.

    Summed anew by every booking of the day (`sql.sum_units`); a board reads some hundred rows of it instead of millions.
    """

    pk = models.CompositePrimaryKey("period_id", "metric_id", "day", "org_path")
    period = models.ForeignKey(
        "calendar.FiscalPeriod", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    metric = models.ForeignKey(
        "targets.Metric", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    day = models.DateField()
    org_path = models.CharField(max_length=200, db_collation="C")
    value = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.day} {self.org_path} {self.value}"
