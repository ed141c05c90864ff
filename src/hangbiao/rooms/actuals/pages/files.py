"""A sent file: through which mapping, what its first rows would become, then check or book."""

from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hangbiao.engines.pages.parts import DONE, NOW, TODO, Step
from hangbiao.rooms.actuals import imports, preview, uploads, waiting, wording
from hangbiao.rooms.actuals.drafting.forms import form_of
from hangbiao.rooms.actuals.errors import FileRefused
from hangbiao.rooms.actuals.models import Upload
from hangbiao.rooms.actuals.pages.gate import Seen, for_administrators, shown
from hangbiao.rooms.actuals.services import business_day


def found(number: int) -> Upload:
    upload = waiting.upload_called(number)
    if upload is None or not uploads.original_of(upload.sha256).is_file():
        raise Http404
    return upload


@require_safe
@for_administrators
def file(request: Seen, number: int) -> HttpResponse:
    """Choose the mapping (`?mapping=`, else the one that was chosen, else the one that fits best), see the first rows."""
    upload = found(number)
    path = uploads.original_of(upload.sha256)
    choices = preview.choices_for(path, upload.file_name)
    wish = request.GET.get("mapping", "")
    kept = str(upload.mapping_id or "")
    choice = next((c for w in (wish, kept) for c in choices if str(c.pk) == w), None) or preview.chosen(choices)
    look, refusal = None, choice.trouble if choice else ""
    if choice and not refusal:
        try:
            look = preview.look_into(path, choice.mapping, preview.known_now(business_day(request.at)))
        except FileRefused as refused:
            refusal = str(refused)
    if choice is None:
        refusal = unreadable(path)
    context = {
        "upload": upload, "size": wording.size(upload.size), "choices": choices, "choice": choice, "look": look,
        "refusal": refusal, "by_hand": wish or kept, "batch": waiting.batch_with(upload.sha256),
        "last": upload.jobs.order_by("-id").first(), "steps": steps_of(chosen=bool(look)),
        "fields": [(wording.field(f), source) for f, source in look.fields] if look else [],
        "stream": wording.stream(choice.mapping.stream) if choice else "",
        "counted": preview.counted_from(choice.mapping.stream) if choice else None,
    }  # fmt: skip
    return shown(request, "file", context)


def unreadable(path: Path) -> str:
    """What is wrong with a file that no mapping fits, if it cannot be read at all."""
    try:
        form_of(path)
    except FileRefused as refused:
        return str(refused)
    return ""


def steps_of(*, chosen: bool, booked: bool = False) -> list[Step]:
    """The way of a file."""
    return [
        Step(_("发送文件"), DONE),
        Step(_("选映射"), DONE if chosen else NOW),
        Step(_("看前几行"), DONE if booked else NOW if chosen else TODO),
        Step(_("导入"), DONE if booked else TODO),
    ]


@require_POST
@for_administrators
def begin(request: Seen, number: int, kind: str) -> HttpResponse:
    """Have the worker check or book the file through the mapping that the form names."""
    found(number)
    mapping = request.POST.get("mapping", "")
    if not any(str(kept.pk) == mapping for kept, _mapping in preview.offered_mappings()):
        messages.error(request, _("请先选择映射。"))
        return HttpResponseRedirect(reverse("actuals:file", args=[number]))
    uploads.choose_mapping(upload=number, mapping=int(mapping))
    job = imports.ask_for_import(
        upload=number, mapping=int(mapping), kind=kind, at=request.at, actor=request.user.actor
    )
    return HttpResponseRedirect(reverse("actuals:job", args=[job.pk]))


@require_POST
@for_administrators
def put_away(request: Seen, number: int) -> HttpResponse:
    """Nobody wants this file."""
    found(number)
    uploads.put_away(upload=number, at=request.at, actor=request.user.actor)
    messages.success(request, _("文件已收起，什么也没有入账。"))
    return HttpResponseRedirect(reverse("actuals:home"))
