"""Keep how somebody wants their pages."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.pages.models import Answered, Fault, TableChoice

MOST_COLUMNS = 60
KEYS_KEPT, FAULTS_KEPT = timedelta(days=7), timedelta(days=180)
THEMES = ("", "light", "dark")


def keep_preferences(
    *, account: AbstractBaseUser, locale: str | None = None, theme: str | None = None
) -> None:
    """Language and theme; an unknown wish is ignored. Not journalled: it changes no number and nobody else's page."""
    wishes: dict[str, str] = {}
    if locale is not None and locale in dict(settings.LANGUAGES):
        wishes["locale"] = locale
    if theme is not None and theme in THEMES:
        wishes["theme"] = theme
    if wishes:
        Account.objects.filter(pk=account.pk).update(**wishes)


def choose_columns(*, account: AbstractBaseUser, table: str, columns: list[str]) -> None:
    """Remember which columns of a table somebody wants to see. Not journalled, like the preferences above."""
    TableChoice.objects.update_or_create(
        account_id=account.pk, table=table, defaults={"columns": sorted(set(columns))[:MOST_COLUMNS]}
    )


def sweep(*, at: datetime) -> tuple[int, int]:
    """Forget old keys of answered forms, and old faults. Gives how many of each went."""
    keys, _rows = Answered.objects.filter(at__lt=at - KEYS_KEPT).delete()
    faults, _rows = Fault.objects.filter(at__lt=at - FAULTS_KEPT).delete()
    return keys, faults
