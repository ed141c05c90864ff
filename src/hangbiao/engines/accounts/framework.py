"""What of django.contrib.auth and allauth is used here, cut down to that (docs/decisions: allauth in parts)."""

import base64
import hashlib
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _


def _box() -> Fernet:
    """Keys of second factors lie in the database only encrypted; the key to them comes from the house's secret."""
    secret = hashlib.sha256(b"hangbiao.accounts.factors|" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(secret))


class Factors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth.mfa as this house wants it: encrypted at rest, named in our words (settings.MFA_ADAPTER)."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return _("航标")

    def _get_site_name(self) -> str:
        return _("航标")

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        return {"id": str(user.pk).encode(), "display_name": str(user), "name": user.get_username()}
