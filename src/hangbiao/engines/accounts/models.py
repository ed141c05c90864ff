"""The user table. Business rows point here, never the other way round."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; an account without a password cannot sign in by password."""

    use_in_migrations = True

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        account = self.model(username=username, **fields)
        account.set_password(password)  # None makes an unusable one
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """Somebody (or some program) that can sign in."""

    class Theme(models.TextChoices):
        SYSTEM = "", "system"
        LIGHT = "light", "light"
        DARK = "dark", "dark"

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)
    name_en = models.CharField(max_length=64, blank=True)
    locale = models.CharField(max_length=16, blank=True)  # '' follows the browser
    theme = models.CharField(max_length=8, blank=True, choices=Theme.choices)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[AccountManager] = AccountManager()

    class Scoping:
        nature = "system"

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def actor(self) -> str:
        """How the journal names this account."""
        return f"account:{self.pk}"


class WrongPassword(models.Model):
    """A refused attempt to sign in."""

    username = models.CharField(max_length=64)
    address = models.CharField(max_length=45)
    at = models.DateTimeField()

    class Scoping:
        nature = "system"

    class Meta:
        indexes = [models.Index(fields=["username", "address", "at"], name="accounts_wrong_recent")]

    def __str__(self) -> str:
        return f"{self.username} from {self.address}"
