"""Draft a mapping from a file's headers, correct it, see the first rows, save it as one's own."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hangbiao.rooms.actuals import preview, services, uploads, wording
from hangbiao.rooms.actuals.drafting import writing
from hangbiao.rooms.actuals.drafting.draft import Draft, Names, draft_for
from hangbiao.rooms.actuals.drafting.forms import form_of
from hangbiao.rooms.actuals.errors import FileRefused, MappingRefused
from hangbiao.rooms.actuals.mapping import mapping_from
from hangbiao.rooms.actuals.models import Upload
from hangbiao.rooms.actuals.pages.files import found, steps_of
from hangbiao.rooms.actuals.pages.gate import Seen, for_administrators, shown
from hangbiao.rooms.actuals.streams import STREAMS
from hangbiao.rooms.people.selectors import codes_of_names
from hangbiao.rooms.targets.selectors import metrics

LONGEST_TITLE = 60


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def draft(request: Seen, number: int) -> HttpResponse:
    """The draft as the file suggests it (GET), as somebody corrected it (POST, with `save` to keep it)."""
    upload = found(number)
    asked = request.POST if request.method == "POST" else request.GET
    stream = asked.get("stream", "")
    try:
        drafted = fresh_draft(upload, request, stream if stream in STREAMS else "")
    except FileRefused as refused:
        return shown(request, "draft", {"upload": upload, "refusal": str(refused), "steps": steps_of(chosen=False)})
    title = asked.get("title", "").strip()[:LONGEST_TITLE] or upload.file_name.rsplit(".", 1)[0][:LONGEST_TITLE]
    if request.method == "POST" and asked.get("redraft") is None:
        drafted = writing.draft_from(request.POST, drafted)
    text = writing.text_of(drafted, code=f"own:{title}", title=title, files=preview.pattern_of(upload.file_name))
    look, refusal = tried(upload, text, request, drafted)
    if request.POST.get("save") is not None and not refusal:
        return saved(request, upload, f"own:{title}", text)
    context = {
        "upload": upload, "draft": drafted, "title": title, "rows": writing.rows_of(drafted), "text": text,
        "look": look, "refusal": refusal, "streams": [(s, wording.stream(s)) for s in STREAMS],
        "fields": [(wording.field(f), source) for f, source in look.fields] if look else [],
        "missing": wording.listed([wording.field(f) for f in drafted.missing]), "steps": steps_of(chosen=False),
        "unused": wording.listed(drafted.unused), "times": writing.TIMES, "const": writing.CONST,
        "stream": wording.stream(drafted.stream),
    }  # fmt: skip
    return shown(request, "draft", context)


def fresh_draft(upload: Upload, request: Seen, stream: str) -> Draft:
    """What the file suggests."""
    path = uploads.original_of(upload.sha256)
    form, header, rows = form_of(path)
    people, territories = codes_of_names()
    names = Names(people, territories, {str(m.name): m.code for m in metrics()} | {m.name_en: m.code for m in metrics()})
    known = preview.known_now(services.business_day(request.at))
    return draft_for(upload.file_name, form, header, rows, known, names, stream)


def tried(upload: Upload, text: str, request: Seen, drafted: Draft) -> tuple[Any, str]:
    """The first rows through the draft, or why it cannot be used yet."""
    if drafted.missing:
        return None, _("还缺 %(fields)s：请为它们选择列或填固定值。") % {
            "fields": wording.listed([wording.field(f) for f in drafted.missing])}  # fmt: skip
    try:
        mapping = mapping_from(text, upload.file_name)
        known = preview.known_now(services.business_day(request.at))
        return preview.look_into(uploads.original_of(upload.sha256), mapping, known), ""
    except (FileRefused, MappingRefused) as refused:
        return None, str(refused)


def saved(request: Seen, upload: Upload, code: str, text: str) -> HttpResponse:
    """Keep it and go on with the file through it."""
    kept = services.save_mapping(code=code, text=text, at=request.at, actor=request.user.actor)
    uploads.choose_mapping(upload=upload.pk, mapping=kept.pk)
    messages.success(request, _("映射已保存，指纹 %(digest)s。") % {"digest": kept.digest[:12]})
    return HttpResponseRedirect(reverse("actuals:file", args=[upload.pk]))
