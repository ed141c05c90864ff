"""Long work: its page, its row that asks again by itself, and stopping it."""

from datetime import timedelta
from pathlib import Path

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hangbiao.engines.pages.progress import Work, job_row, time_left
from hangbiao.rooms.actuals import imports, waiting, wording
from hangbiao.rooms.actuals.models import ImportJob
from hangbiao.rooms.actuals.pages.gate import Seen, for_administrators, shown

STATES = {"refused": "failed"}


def work_of(job: ImportJob) -> Work:
    """A job as the design system shows long work."""
    moving = job.state in imports.UNDER_WAY
    said = wording.phase(job.phase) if job.state == "running" else ""
    if job.state == "running" and not job.rows_total and job.rows_done:
        said += _("，已读 %(n)s 行") % {"n": f"{job.rows_done:,}"}
    if job.cancel and moving:
        said = _("正在停下，什么也不会入账")
    total = job.rows_total or 0
    passed = timedelta(milliseconds=job.elapsed_ms)
    return Work(
        title=title_of(job), state=STATES.get(job.state, job.state), done=min(job.rows_done, total), total=total, said=said,
        left=time_left(passed=passed, done=job.rows_done, total=total) if job.phase == "read" else None,
        status_href=reverse("actuals:job-row", args=[job.pk]),
        cancel_href="" if job.cancel else reverse("actuals:job-cancel", args=[job.pk]),
        result_href="" if moving else reverse("actuals:job", args=[job.pk]),
    )  # fmt: skip


def title_of(job: ImportJob) -> str:
    if job.subject:
        return _("撤销批次 %(n)s（%(file)s）") % {"n": job.subject.pk, "file": job.subject.file_name}
    name = job.upload.file_name if job.upload else ""
    return (_("试运行 %(file)s") if job.kind == "check" else _("导入 %(file)s")) % {"file": name}


def found(number: int) -> ImportJob:
    job = waiting.job_called(number)
    if job is None:
        raise Http404
    return job


@require_safe
@for_administrators
def job(request: Seen, number: int) -> HttpResponse:
    """What is going on, or what came of it."""
    this = found(number)
    moving = this.state in imports.UNDER_WAY
    context = {
        "job": this, "title": title_of(this), "work": work_of(this), "moving": moving,
        "worker_runs": waiting.worker_runs() if moving else True, "report": this.report or {},
    }  # fmt: skip
    return shown(request, "job", context)


@require_safe
@for_administrators
def row(request: Seen, number: int) -> HttpResponse:
    """The row alone, for htmx. When the work is over the page is asked for again, because it has more to say then."""
    this = found(number)
    response = HttpResponse(job_row(work_of(this), request))
    if this.state not in imports.UNDER_WAY:
        response.headers["HX-Refresh"] = "true"
    return response


@require_safe
@for_administrators
def refused_file(_request: Seen, number: int) -> FileResponse:
    """All rows for which a strict mapping refused the whole file, each with its reason."""
    this = found(number)
    path = Path((this.report or {}).get("refused_file") or "")
    if this.upload is None or not path.is_file():
        raise Http404
    name = f"{Path(this.upload.file_name).stem}.refused{path.suffix}"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@require_POST
@for_administrators
def cancel(request: Seen, number: int) -> HttpResponse:
    """Stop it."""
    found(number)
    imports.cancel_job(job=number, at=request.at, actor=request.user.actor)
    if request.headers.get("HX-Request"):
        return HttpResponse(job_row(work_of(found(number)), request))
    return HttpResponseRedirect(reverse("actuals:job", args=[number]))
