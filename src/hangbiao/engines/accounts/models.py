"""The user table. Business rows point here, never the other way round."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


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
    mail = models.EmailField(
        max_length=254, blank=True
    )  # where invitations and resets go; known to nobody else
    locale = models.CharField(max_length=16, blank=True)  # '' follows the browser
    theme = models.CharField(max_length=8, blank=True, choices=Theme.choices)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[AccountManager] = AccountManager()

    class Scoping:
        nature = "system"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("mail"), condition=~models.Q(mail=""), name="accounts_one_account_per_mail"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def actor(self) -> str:
        """How the journal names this account."""
        return f"account:{self.pk}"


class Attempt(models.Model):
    """Something that was refused and is worth guessing. `key` is a keyed hash: what people mistype stays unknown."""

    purpose = models.CharField(max_length=16)
    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Scoping:
        nature = "system"

    class Meta:
        indexes = [models.Index(fields=["purpose", "key", "at"], name="accounts_attempt_recent")]

    def __str__(self) -> str:
        return f"{self.purpose} at {self.at}"


class Sitting(models.Model):
    """One browser's stay, from signing in to its end. The rules of its length are fixed when it begins."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="sittings")
    way = models.CharField(max_length=32)  # what the account was known by: password, demo list, wecom ...
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    idle_minutes = models.IntegerField()
    proved_at = models.DateTimeField()  # when the reader last showed who they are
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=64, blank=True)
    must_enrol = models.BooleanField(default=False)  # a second factor is wanted and not there yet
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=32, blank=True)

    class Scoping:
        nature = "system"

    class Meta:
        indexes = [models.Index(fields=["account", "ended_at"], name="accounts_sitting_open")]

    def __str__(self) -> str:
        return f"{self.account} by {self.way} since {self.began_at}"


class Letter(models.Model):
    """A mail with a way in. The token itself is only in the mail; here is its digest, made when the mail goes out."""

    class Purpose(models.TextChoices):
        INVITATION = "invitation", "invitation"
        RESET = "reset", "reset"

    account = models.ForeignKey(Account, models.CASCADE, related_name="letters")
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    mail = models.EmailField(max_length=254)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=64)
    lasts_minutes = models.IntegerField()
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=200, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(
        null=True, blank=True
    )  # a later letter, or the account's closing, ended it

    class Scoping:
        nature = "system"

    def __str__(self) -> str:
        return f"{self.purpose} for {self.account}"


class Link(models.Model):
    """Which account a sign-on service means by its id. Made at the first sign-on, undone by an administrator."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="links")
    way = models.CharField(max_length=16)
    tenant = models.CharField(max_length=128)
    uid = models.CharField(max_length=128)
    joined_at = models.DateTimeField()

    class Scoping:
        nature = "system"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["way", "tenant", "uid"], name="accounts_link_means_one_account"),
            models.UniqueConstraint(fields=["way", "account"], name="accounts_one_link_per_way"),
        ]

    def __str__(self) -> str:
        return f"{self.account} by {self.way}"
