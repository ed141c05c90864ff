"""The roles a post can have. A module of its own, so that other rooms can name a role without touching the tables."""

from django.db.models import TextChoices


class Role(TextChoices):
    REP = "rep"
    SUPERVISOR = "supervisor"
    REGION_MANAGER = "region_manager"
    HRBP = "hrbp"
    EXECUTIVE = "executive"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    INTEGRATOR = "integrator"
