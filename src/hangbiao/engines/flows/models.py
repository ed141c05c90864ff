"""Tables of the flows. A case belongs to a place and to a person the room names; the engine knows neither kind."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hangbiao.engines.scope.models import PathField, PublicModel, ScopedModel


class Definition(PublicModel):
    """A published flow. Rows stay as they are: a change is a new version."""

    flow = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "version"], name="flow_version_once")]

    def __str__(self) -> str:
        return f"{self.flow} {self.version}"


class Case(ScopedModel):
    """One matter going through a flow. `level` ranks how serious it is; it only rises while the case is open."""

    definition = models.ForeignKey(Definition, models.PROTECT, related_name="cases")
    flow = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(help_text="the person it is about, as the room numbers them")
    org_path = PathField()
    level = models.PositiveSmallIntegerField(default=0)
    facts = models.JSONField(default=dict, help_text="what conditions of the flow may ask")
    step = models.CharField(max_length=40, blank=True)
    triggered_at = models.DateTimeField()
    due_on = models.DateField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)

    class Scoping(ScopedModel.Scoping):
        person = "subject_id"

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["flow", "subject_id"], condition=Q(closed_at__isnull=True), name="one_open_case_per_subject"
            )
        ]
        indexes = [models.Index(fields=["subject_id", "opened_at"], name="case_by_subject")]

    def __str__(self) -> str:
        return f"{self.flow} {self.pk}"


class Task(ScopedModel):
    """What one account has to do in one step. `principal` is whose duty it was when somebody stands in."""

    class Part(models.TextChoices):
        DO = "do"
        CONFIRM = "confirm"

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        VOID = "void"

    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks")
    step = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1)
    part = models.CharField(max_length=8, choices=Part, default=Part.DO)
    role = models.CharField(max_length=40)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    principal = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    org_path = PathField()
    subject_id = models.BigIntegerField()
    state = models.CharField(max_length=5, choices=State, default=State.OPEN)
    due_on = models.DateField()
    given_at = models.DateTimeField()
    reminded = models.PositiveSmallIntegerField(default=0, help_text="the last reminder's working day")
    escalated_at = models.DateTimeField(null=True)
    escalated_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=10, blank=True)
    answer = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Scoping(ScopedModel.Scoping):
        person = "subject_id"

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["case", "step", "round", "part", "assignee"], name="one_task_per_step_and_account"
            )
        ]
        indexes = [
            models.Index(fields=["assignee", "due_on"], condition=Q(state="open"), name="open_tasks_of_account"),
            models.Index(fields=["due_on"], condition=Q(state="open"), name="open_tasks_by_due_day"),
            models.Index(fields=["principal"], condition=Q(state="open") & ~Q(assignee=F("principal")), name="displaced_tasks"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step} {self.role} {self.state}"
