"""django.contrib.auth as an application: allauth imports its modules, so it has to be there; nothing of it acts."""

from django.contrib.auth.apps import AuthConfig


class BareAuth(AuthConfig):
    """Without a row of permissions for every table, and without the signal that dates sign-ins by the wall's clock."""

    def ready(self) -> None:
        """Connects nothing: our accounts have no permissions, their rights come from posts."""
