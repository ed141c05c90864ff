"""Looking back: all batches, one batch and what it changed, undoing it, its files."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from hangbiao.rooms.actuals import corrections, history, imports, uploads, wording
from hangbiao.rooms.actuals.errors import CannotUndo
from hangbiao.rooms.actuals.pages import marks, tables
from hangbiao.rooms.actuals.pages.gate import Seen, for_administrators, shown
from hangbiao.rooms.actuals.refused_file import export_quarantine

REFUSED = 50


@require_safe
@for_administrators
def batches(request: Seen) -> HttpResponse:
    """Every batch, the newest first."""
    return shown(request, "batches", {"table": tables.batches(request)})


@require_safe
@for_administrators
def batch(request: Seen, number: int) -> HttpResponse:
    """One batch: what it changed, what it refused, what became of that."""
    told = history.batch_called(number)
    if told is None:
        raise Http404
    page = max(int(request.GET.get("page", "1") or 1), 1) if request.GET.get("page", "1").isdecimal() else 1
    refused, count = history.refused_rows(number, first=(page - 1) * REFUSED, count=REFUSED)
    alike = corrections.same_mistakes(number)
    context = {
        "told": told, "batch": told.batch, "stream": wording.stream(told.batch.stream), "kind": marks.kind(told.kind),
        "rows": [marks.refused(row, alike=alike) for row in refused], "refused_count": count,
        "leaf": page, "more": count > page * REFUSED, "suspects": marks.suspects_of(told.batch),
        "chain": told.chain, "files": tables.refused(request, told.batch, count),
    }  # fmt: skip
    return shown(request, "batch", context)


@require_POST
@for_administrators
def undo(request: Seen, number: int) -> HttpResponse:
    """Have the worker take a batch back."""
    if history.batch_called(number) is None:
        raise Http404
    try:
        job = imports.ask_for_undoing(batch=number, at=request.at, actor=request.user.actor)
    except CannotUndo as why:
        messages.error(request, str(why))
        return HttpResponseRedirect(reverse("actuals:batch", args=[number]))
    return HttpResponseRedirect(reverse("actuals:job", args=[job.pk]))


@require_safe
@for_administrators
def refused_file(_request: Seen, number: int) -> HttpResponse:
    """The refused rows that wait, as a file to correct and send again."""
    told = history.batch_called(number)
    if told is None:
        raise Http404
    name = Path(told.batch.file_name)
    suffix = ".xlsx" if name.suffix.lower() == ".xlsx" else ".csv"
    with tempfile.TemporaryDirectory(prefix="hangbiao-refused-") as folder:
        path = Path(folder) / f"refused{suffix}"
        export_quarantine(number, path)
        content = path.read_bytes()
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = _disposition(f"{name.stem}.refused-{number}{suffix}")
    return response


@require_safe
@for_administrators
def original(_request: Seen, number: int) -> FileResponse | HttpResponse:
    """The file as it was sent."""
    told = history.batch_called(number)
    if told is None or not told.has_original:
        raise Http404
    kept = uploads.original_of(told.batch.sha256)
    return FileResponse(kept.open("rb"), as_attachment=True, filename=told.batch.file_name)


def _disposition(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(as_attachment=True, filename=name) or ""
