"""What is kept, once for each content. Rows are added and never changed (migration 0002)."""

from django.db import models

from hangbiao.engines.scope.models import SystemModel


class StoredFile(SystemModel):
    """One content. Reached only through a row of a room, which lies in somebody's scope."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=8, help_text="what the bytes are: engines/files/kinds.py")
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.kind}"
