"""Suspected duplicates: really two sales, or one of them booked twice."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hangbiao.rooms.actuals import suspicions
from hangbiao.rooms.actuals.errors import NothingToSend
from hangbiao.rooms.actuals.pages import tables
from hangbiao.rooms.actuals.pages.gate import Seen, for_administrators, shown


@require_safe
@for_administrators
def suspects(request: Seen) -> HttpResponse:
    """Those that wait, then those that were decided."""
    waiting = suspicions.open_suspects()
    context = {"waiting": waiting, "decided": suspicions.decided(), "files": tables.suspects(request, waiting)}
    return shown(request, "suspects", context)


@require_POST
@for_administrators
def decide(request: Seen, number: int) -> HttpResponse:
    """`verdict` is both or duplicate; `line` names the duplicate."""
    verdict = request.POST.get("verdict", "")
    if verdict not in {suspicions.BOTH, suspicions.DUPLICATE} or not suspicions.exists(number):
        raise Http404
    try:
        found = suspicions.decide(
            suspect=number, verdict=verdict, line=request.POST.get("line", ""), at=request.at, actor=request.user.actor
        )
    except NothingToSend as why:
        messages.error(request, str(why))
        return HttpResponseRedirect(reverse("actuals:suspects"))
    said = _("已冲销，批次 %(n)s。") % {"n": found.reversal_id} if found.reversal_id else _("已记下：是两笔销售。")
    messages.success(request, said)
    return HttpResponseRedirect(reverse("actuals:suspects"))
