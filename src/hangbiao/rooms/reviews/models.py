"""Tables of the reviews room."""

from django.conf import settings
from django.db import models

from hangbiao.engines.scope.models import PathField, ScopedModel


class Review(ScopedModel):
    """What a case is about: the official light that opened it, and the most serious one since."""

    case = models.OneToOneField("flows.Case", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="reviews")
    org_path = PathField()
    run = models.ForeignKey("lights.Run", models.PROTECT, related_name="+")
    target = models.ForeignKey("targets.Target", models.PROTECT, related_name="+")
    metric = models.ForeignKey("targets.Metric", models.PROTECT, related_name="+")
    light = models.CharField(max_length=6)
    highest = models.CharField(max_length=6)
    opened_at = models.DateTimeField()

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["org_path", "opened_at"], name="reviews_of_a_place")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.light}"


class Analysis(ScopedModel):
    """One version of the deviation analysis: the first is generated, further ones are people's."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="analyses")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    org_path = PathField()
    number = models.PositiveSmallIntegerField(default=1)
    body = models.JSONField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="analysis_version_once")]

    def __str__(self) -> str:
        return f"{self.review_id} {self.number}"


class Action(ScopedModel):
    """What somebody promised in a review."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="actions")
    task = models.ForeignKey("flows.Task", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", help_text="whom the review is about")
    org_path = PathField()
    what = models.CharField(max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField()

    class Meta(ScopedModel.Meta):
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.what


class Evidence(ScopedModel):
    """A file that somebody concerned put to a review: a photo, minutes on paper, a recording. Kept for ever."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="evidence")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", help_text="whom the review is about")
    org_path = PathField()
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta(ScopedModel.Meta):
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["review", "file", "added_by"], name="evidence_once_by_each")]

    def __str__(self) -> str:
        return self.name


class Meeting(ScopedModel):
    """A proposed time of the talk. Each change is a row with the next number; the newest counts."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="meetings")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", help_text="whom the review is about")
    org_path = PathField()
    number = models.PositiveSmallIntegerField(help_text="0 for the first: what calendars call SEQUENCE")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    link = models.CharField(max_length=300, blank=True)
    place = models.CharField(max_length=120, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="meeting_numbered_once")]

    def __str__(self) -> str:
        return f"{self.review_id} {self.number} {self.starts_at}"


class Reply(ScopedModel):
    """One party's word to a proposed time; whoever proposes has agreed."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="replies")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", help_text="whom the review is about")
    org_path = PathField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    comes = models.BooleanField()
    said_at = models.DateTimeField()

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["meeting", "account"], name="reply_once_per_meeting")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.account_id} {self.comes}"
