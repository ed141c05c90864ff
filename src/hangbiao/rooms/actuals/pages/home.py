"""The first page: how current the data are, what needs somebody, where to drop files; and receiving them."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from hangbiao.engines.files.arriving import MEGABYTE, Sent, ToDisk
from hangbiao.engines.pages.once import every_time
from hangbiao.rooms.actuals import history, uploads, waiting, wording
from hangbiao.rooms.actuals.pages.gate import Seen, for_administrators, shown
from hangbiao.rooms.actuals.pages.jobs import work_of


@require_safe
@for_administrators
def home(request: Seen) -> HttpResponse:
    """How far every source reaches, what waits, the files at hand, the last batches."""
    megabytes = uploads.largest_file_mb(request.viewer.on)
    jobs, reaches = waiting.jobs_under_way(), waiting.reaches()
    days = waiting.by_day(reaches)
    recent, count = history.batches(first=0, count=8)
    context = {
        "reaches": [(wording.stream(r.stream), r) for r in reversed(reaches)],
        "days": [(day, wording.listed([wording.stream(r.stream) for r in these])) for day, these in days[:2]],
        "earlier": wording.listed([wording.stream(r.stream) for _day, these in days[2:] for r in these]),
        "behind": [(wording.stream(r.stream), r) for r in reaches if r.places_behind],
        "attention": waiting.attention(),
        "uploads": waiting.uploads_waiting(),
        "works": [work_of(job) for job in jobs],
        "worker_runs": waiting.worker_runs() if jobs else True,
        "recent": recent,
        "batch_count": count,
        "limit": megabytes * MEGABYTE,
        "limit_mb": megabytes,
        "open_batches": waiting.with_open_rows(),
    }
    return shown(request, "home", context)


@every_time  # reading the form here would read the files before their limit is known; content makes it idempotent
@csrf_exempt  # checked below, once the files have somewhere to go
@require_POST
def send(request: Seen) -> HttpResponse:
    """Receive files: each straight to the landing disk, never more of it than the policy allows."""
    return _guarded_send(request)


@for_administrators
def _guarded_send(request: Seen) -> HttpResponse:
    handler = ToDisk(uploads.arriving(), megabytes=uploads.largest_file_mb(request.viewer.on))
    request.upload_handlers = [handler]
    return _received(request, handler)


@csrf_protect
def _received(request: Seen, handler: ToDisk) -> HttpResponse:
    sent = [file for file in request.FILES.getlist("files") if isinstance(file, Sent)]
    kept = [uploads.receive(sent=file, at=request.at, actor=request.user.actor) for file in sent]
    for file in sent:
        file.close()
    for name in handler.too_large:
        said = _("%(file)s 超过了 %(limit)s MB 的上限，没有接收。请拆成几个文件，或请管理员调整政策参数。")
        messages.error(request, said % {"file": name, "limit": handler.megabytes})
    if not sent and not handler.too_large:
        messages.error(request, _("没有收到文件。请选择一个或几个文件。"))
    one = len(kept) == 1 and not handler.too_large
    where = reverse("actuals:file", args=[kept[0].pk]) if one else reverse("actuals:home")
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"go": where})
    return HttpResponseRedirect(where)
