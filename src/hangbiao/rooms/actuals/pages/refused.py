"""Refused rows corrected in place: one row with its cells, or one value wherever it stands."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hangbiao.rooms.actuals import corrections, waiting
from hangbiao.rooms.actuals.errors import NothingToSend
from hangbiao.rooms.actuals.models import Quarantine
from hangbiao.rooms.actuals.pages import marks
from hangbiao.rooms.actuals.pages.gate import Seen, for_administrators, shown
from hangbiao.rooms.actuals.report import FileReport

SENTENCES = 3


def found(number: int) -> Quarantine:
    row = waiting.row_called(number)
    if row is None:
        raise Http404
    return row


@require_POST
@for_administrators
def send_again(request: Seen, number: int) -> HttpResponse:
    """Send one row again with the cells of the form; answers the row as it stands now."""
    row = found(number)
    cells = [request.POST.get(f"cell-{n}", "") for n in range(len(row.batch.header))]
    try:
        report = corrections.send_again(
            batch=row.batch_id, corrected={row.pk: cells}, at=request.at, actor=request.user.actor
        )
    except NothingToSend as nothing:
        return _answer(request, found(number), note=str(nothing))
    again = None if report.batch else _why(report, row)
    return _answer(request, found(number), sent=cells if again else None, again=again, report=report)


@require_POST
@for_administrators
def replace_value(request: Seen, number: int) -> HttpResponse:
    """Change one value in every open row of the batch that was refused for it, and send them all."""
    row = found(number)
    rows = corrections.same_mistake(row)
    value = request.POST.get("value", "")
    corrected = corrections.with_value(rows, row.column, value)
    try:
        report = corrections.send_again(
            batch=row.batch_id, corrected=corrected, at=request.at, actor=request.user.actor
        )
    except NothingToSend as nothing:
        return _answer(request, found(number), note=str(nothing))
    again = None if report.batch else _why(report, row)
    answer = _answer(request, found(number), sent=list(corrected[row.pk]) if again else None, again=again)
    if report.batch:
        answer.headers["HX-Refresh"] = "true"
    return answer


def _why(report: FileReport, row: Quarantine) -> tuple[str, str, str]:
    """The new refusal: the column it names, the reason, the remedy."""
    if any(report.first_refused):
        return report.first_refused
    return row.column, " ".join([*report.refusals, *report.notices][:SENTENCES]), ""


def _answer(
    request: Seen, row: Quarantine, *, sent: list[str] | None = None, again: tuple[str, str, str] | None = None,
    report: FileReport | None = None, note: str = "",
) -> HttpResponse:  # fmt: skip
    if report and report.batch and not note:
        note = _("已入账，批次 %(n)s。") % {"n": report.batch} if report.booked else _("内容与已入账的相同，没有变化。")
    if not request.headers.get("HX-Request"):  # without JavaScript, or before it has come: the page as a whole
        messages.info(request, again[1] if again else note or _("已重新发送。"))
        return HttpResponseRedirect(reverse("actuals:batch", args=[row.batch_id]) + f"#row-{row.pk}")
    return shown(request, "_refused", {"one": marks.refused(row, sent=sent, again=again), "note": note})
