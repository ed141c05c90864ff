"""The demo's clock on the page: move it a day or to the next checkpoint, and see how far it is."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hangbiao.site import clock
from hangbiao.site.demo import clockwork
from hangbiao.site.demo.passage import END, next_checkpoint_morning


@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """Set the clock going. `to` is `day` or `checkpoint`; a second request while it moves changes nothing."""
    from hangbiao.site.jobs import move_demo_clock

    present = clock.now()
    wanted = (
        next_checkpoint_morning(present)
        if request.POST.get("to") == "checkpoint"
        else clock.next_morning(present)
    )
    under_way = clockwork.moving()
    if present < END and (under_way is None or under_way.failed):
        clockwork.begin(min(wanted, END))
        move_demo_clock.defer(to=min(wanted, END).isoformat())
    return redirect(request.headers.get("referer") or "/")


@require_GET
def status(_request: HttpRequest) -> JsonResponse:
    """What the page polls while the clock moves."""
    movement = clockwork.moving()
    present = clock.now().astimezone(clock.ZONE)
    answer: dict[str, object] = {
        "now": present.isoformat(),
        "moving": movement is not None,
        "at_end": present >= END,
    }
    if movement:
        answer |= {"to": movement.to, "percent": movement.percent, "say": _sentence(movement)}
    return JsonResponse(answer)


def _sentence(movement: clockwork.Movement) -> str:
    day = datetime.fromisoformat(movement.to).astimezone(clock.ZONE).date().isoformat()
    if movement.failed:
        return _("没有走到 %(day)s：%(why)s。可以再试一次。") % {"day": day, "why": movement.failed}
    return _("正在走到 %(day)s，已导入 %(percent)s%%。") % {"day": day, "percent": movement.percent}
