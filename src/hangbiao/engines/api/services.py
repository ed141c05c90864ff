"""Making and revoking keys, and counting their use."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.api import sql
from hangbiao.engines.api.errors import TooOften
from hangbiao.engines.api.models import Answer, ApiKey, Use
from hangbiao.engines.api.scopes import SCOPES
from hangbiao.engines.journal.services import record

PER_MINUTE = 600
NOTED_EVERY = timedelta(minutes=1)
ANSWERS_KEPT = timedelta(days=30)
MINUTES_KEPT = 60


def digest_of(secret: str) -> str:
    """What is kept of a key. It is drawn from 256 bits of chance, so one round of SHA-256 cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_key(
    *,
    owner: Account,
    name: str,
    scopes: Sequence[str],
    paths: Sequence[str],
    reason: str,
    actor: Account,
    at: datetime,
    expires_at: datetime | None = None,
    per_minute: int = PER_MINUTE,
) -> tuple[ApiKey, str]:
    """Make a key; gives it with its secret, which nobody can read again. The journal keeps everything but the secret."""
    unknown = set(scopes) - set(SCOPES)
    if unknown or not reason.strip():
        raise ValueError(f"unknown scopes {sorted(unknown)} or no reason")
    prefix = secrets.token_hex(4)
    secret = f"hb_{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        owner=owner,
        name=name,
        prefix=prefix,
        digest=digest_of(secret),
        scopes=sorted(scopes),
        paths=sorted(paths),
        reason=reason.strip(),
        per_minute=per_minute,
        made_at=at,
        made_by=actor,
        expires_at=expires_at,
    )
    data = {
        "key": prefix, "name": name, "owner": owner.username, "scopes": key.scopes, "paths": key.paths,
        "reason": key.reason, "per_minute": per_minute, "expires": expires_at.isoformat() if expires_at else None,
    }  # fmt: skip
    record(stream="api", kind="api.key_made", at=at, actor=actor.actor, data=data)
    return key, secret


@transaction.atomic
def revoke_key(*, key: int, actor: Account, at: datetime) -> None:
    """The key opens nothing any more, from the next request on. Revoking again changes nothing."""
    found = ApiKey.objects.select_for_update().get(pk=key)
    if found.revoked_at is None:
        ApiKey.objects.filter(pk=key).update(revoked_at=at)
        record(stream="api", kind="api.key_revoked", at=at, actor=actor.actor, data={"key": found.prefix})


def count_use(*, key: ApiKey, at: datetime, wall: datetime) -> None:
    """Note that the key was used. Refuses TooOften beyond its requests per minute of the wall clock."""
    minute, second = divmod(int(wall.timestamp()), 60)
    if sql.count_use(key.pk, minute) > key.per_minute:
        raise TooOften(limit=key.per_minute, seconds=60 - second)
    if key.last_used_at is None or at - key.last_used_at >= NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)


@transaction.atomic
def forget_old(*, at: datetime, wall: datetime) -> None:
    """Answers older than thirty days and counts older than an hour go: nobody repeats a request that late."""
    Answer.objects.filter(at__lt=at - ANSWERS_KEPT).delete()
    Use.objects.filter(minute__lt=int(wall.timestamp()) // 60 - MINUTES_KEPT).delete()
