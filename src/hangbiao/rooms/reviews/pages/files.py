"""Files of a review: sent by those concerned, downloaded by whoever may see the review."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from hangbiao.engines.files import answers
from hangbiao.engines.files.arriving import Sent, ToDisk, expect_files
from hangbiao.engines.files.errors import FileRefusal, TooLarge
from hangbiao.engines.pages.once import every_time
from hangbiao.rooms.reviews import services
from hangbiao.rooms.reviews.errors import ReviewError
from hangbiao.rooms.reviews.pages.reviews import Asked, seen_in
from hangbiao.rooms.reviews.selectors import evidence_numbered, may_write

AT_ONCE = 5


@every_time  # reading the form here would read the files before their limit is known; content makes it idempotent
@csrf_exempt  # checked below, once the files have somewhere to go
@require_POST
def send(request: Asked, number: int) -> HttpResponse:
    """Receive files: what cannot fit is refused before it is read, the rest goes straight to disk."""
    seen = seen_in(request, number)
    if not may_write(request.viewer, seen):
        raise Http404
    try:
        handler = expect_files(request, megabytes=services.largest_file_mb(request.viewer.on), files=AT_ONCE)
    except TooLarge as refused:
        return _answer(request, number, [refused.sentence()], 0)
    return _received(request, number, handler)


@csrf_protect
def _received(request: Asked, number: int, handler: ToDisk) -> HttpResponse:
    sent = [file for file in request.FILES.getlist("files") if isinstance(file, Sent)]
    wrong, kept = [TooLarge(name, handler.megabytes).sentence() for name in handler.too_large], 0
    for file in sent:
        try:
            services.add_evidence(
                review=number, sent=file, account=request.user.pk, at=request.at, actor=request.user.username
            )
            kept += 1
        except (FileRefusal, ReviewError) as refused:
            wrong.append(refused.sentence())
        finally:
            file.close()
    if not sent and not wrong:
        wrong.append(_("没有收到文件。请选择一个或几个文件。"))
    return _answer(request, number, wrong, kept)


def _answer(request: Asked, number: int, wrong: list[str], kept: int) -> HttpResponse:
    for sentence in wrong:
        messages.error(request, sentence)
    if kept:
        messages.success(request, _("已收下 %(n)s 个文件。") % {"n": kept})
    where = f"/reviews/{number}/#files"
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"go": where})
    return HttpResponseRedirect(where)


@require_safe
def file(request: Asked, number: int, file: int) -> HttpResponseBase:
    """One file, as a download."""
    seen = seen_in(request, number)
    found = evidence_numbered(seen.review.pk, file)
    if found is None:
        raise Http404
    try:
        return answers.download(found.file, found.name)
    except FileRefusal as refused:
        messages.error(request, refused.sentence())
        return HttpResponseRedirect(f"/reviews/{number}/#files")
