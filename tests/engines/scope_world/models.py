"""Small stand-ins for the rooms' tables; made in the test's transaction and rolled back with it."""

from django.db import models

from hangbiao.engines.scope.models import PathField, PublicModel, ScopedModel


class Place(PublicModel):
    code = models.CharField(max_length=20, unique=True)

    class Meta:
        app_label = "scope_world"


class Figure(ScopedModel):
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="figures")
    org_path = PathField()
    person_id = models.BigIntegerField(null=True)
    value = models.IntegerField()

    class Meta(ScopedModel.Meta):
        app_label = "scope_world"


class Note(ScopedModel):
    figure = models.ForeignKey(Figure, on_delete=models.PROTECT, related_name="notes")
    org_path = PathField()
    text = models.TextField(blank=True)

    class Meta:  # does not inherit the parent's Meta on purpose: the managers must hold all the same
        app_label = "scope_world"
        indexes = [models.Index(fields=["org_path"], name="note_place")]


class Secret(models.Model):
    """Says nothing about who may see it."""

    class Meta:
        app_label = "scope_world"
