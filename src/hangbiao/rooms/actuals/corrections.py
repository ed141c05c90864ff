"""Refused rows: written to a file to be corrected offline, or corrected on the page and sent again."""

import csv
from pathlib import Path

from django.utils.translation import gettext as _

from hangbiao.rooms.actuals.models import Batch, Quarantine


def export_quarantine(batch: int, path: Path) -> int:
    """Write a batch's refused rows as CSV to correct and send again: the file's own columns, then line, reason, remedy."""
    header = Batch.objects.get(pk=batch).header
    rows = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        added = [_("行号"), _("原因"), _("处理")]
        writer.writerow([*header, *(_("原文件") + name if name in header else name for name in added)])
        for refused in Quarantine.objects.filter(batch=batch).order_by("line").iterator():
            cells = [*refused.raw, *[""] * (len(header) - len(refused.raw))]
            writer.writerow([*cells[: len(header)], refused.line, refused.reason, refused.remedy])
            rows += 1
    return rows
