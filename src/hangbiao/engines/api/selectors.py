"""Reading keys."""

from datetime import datetime

from django.conf import settings
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string

from hangbiao.engines.api.models import ApiKey
from hangbiao.engines.api.services import digest_of

PARTS = 3


def key_presented(secret: str, *, at: datetime) -> ApiKey | None:
    """The key that this secret opens, if it is still good at that instant. Whether its owner is, is asked apart."""
    parts = secret.split("_", PARTS - 1)
    if len(parts) != PARTS or parts[0] != "hb":
        return None
    key = ApiKey.objects.select_related("owner").filter(prefix=parts[1][:12]).first()
    if key is None or not constant_time_compare(key.digest, digest_of(secret)):
        return None
    expired = key.expires_at is not None and key.expires_at <= at
    return None if expired or key.revoked_at is not None else key


def owner_is_gone(key: ApiKey, *, at: datetime) -> bool:
    """Whether the owner's account is closed or their last day is over (the port settings.HAS_LEFT)."""
    port = getattr(settings, "HAS_LEFT", "")
    return not key.owner.is_active or bool(port and import_string(port)(key.owner, at=at))


def keys() -> list[ApiKey]:
    """Every key ever made, the newest first. For the administrator's page."""
    return list(ApiKey.objects.select_related("owner", "made_by"))


def key_called(prefix: str) -> ApiKey | None:
    return ApiKey.objects.filter(prefix=prefix[:12]).first()
