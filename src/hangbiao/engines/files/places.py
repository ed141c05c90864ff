"""Where contents lie: a folder of the installation that no web server serves."""

from pathlib import Path

from django.conf import settings


def place_of(sha256: str) -> Path:
    """The path of a content."""
    return Path(settings.EVIDENCE) / sha256[:2] / sha256
