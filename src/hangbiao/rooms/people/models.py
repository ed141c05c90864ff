"""Tables of the people room: units, people, their posts, territories and who works them, leave."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hangbiao.engines.scope.models import PathField, PublicModel, ScopedModel, SystemModel
from hangbiao.rooms.people.roles import Role


class Unit(PublicModel):
    """A node of the organisation: the company, a region, a team. `path` like /C/R01/T011/ names all above it."""

    class Kind(models.TextChoices):
        COMPANY = "company"
        REGION = "region"
        TEAM = "team"

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    province = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = PathField(unique=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name


class Person(PublicModel):
    """Somebody of the company. Names are visible to colleagues; numbers are not."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="person"
    )
    mail = models.EmailField(max_length=254, blank=True)  # for letters; pages show it to the administrator only
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class DirectoryId(SystemModel):
    """How a directory that people sign on with names a person: a user id of WeCom, DingTalk, Feishu, or a subject."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="directory_ids")
    directory = models.CharField(max_length=16)
    value = models.CharField(max_length=128)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["directory", "value"], name="directory_id_names_one_person"),
            models.UniqueConstraint(fields=["directory", "person"], name="person_has_one_directory_id"),
        ]

    def __str__(self) -> str:
        return f"{self.directory}:{self.value}"


class Post(PublicModel):
    """A person's role in a unit from a day to a day (both included)."""

    Role = Role

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    open_ended = models.BooleanField(
        default=False, help_text="no end was said: it lasts until the next begins, and `valid_to` follows from that"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "unit", "role", "valid_from"], name="post_begins_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="post_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.role} {self.unit}"


class Deputy(PublicModel):
    """Somebody stands in for somebody else from a day to a day (both included): sees what they see, for that time."""

    principal = models.ForeignKey(Person, models.PROTECT, related_name="deputies")
    deputy = models.ForeignKey(Person, models.PROTECT, related_name="stands_in")
    valid_from = models.DateField()
    valid_to = models.DateField()
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["principal", "deputy", "valid_from"], name="deputy_begins_once"),
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="deputy_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(principal=F("deputy")), name="deputy_is_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} for {self.principal}"


class Territory(PublicModel):
    """A set of customers with a target of its own; it outlives the people who work it."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="territories")
    vacancy_owner = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Assignment(PublicModel):
    """Who works a territory from a day to a day (both included). No row means: vacant."""

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="assignments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="assignments")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    open_ended = models.BooleanField(
        default=False, help_text="no end was said: it lasts until the next begins, and `valid_to` follows from that"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "person", "valid_from"], name="assignment_begins_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="assignment_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.territory}"


class Leave(ScopedModel):
    """Leave from a day to a day. Only protected leave lowers a target; annual leave is already in the plan."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="leaves")
    org_path = PathField()
    kind = models.CharField(max_length=40)
    protected = models.BooleanField(default=False)
    start = models.DateField()
    end = models.DateField()

    class Scoping(ScopedModel.Scoping):
        time = ("start", "end")

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "start"], name="leave_begins_once"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="leave_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.kind} {self.start}"
