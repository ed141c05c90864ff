"""What happens by itself, for the administrator: when it did, when it will, and a button to let it happen now."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hangbiao.engines.schedules import selectors, services
from hangbiao.engines.schedules.catalogue import schedule_called
from hangbiao.rooms.studio import schedule_tables as tables
from hangbiao.rooms.studio.guard import administrators_only


@administrators_only
@never_cache
@require_safe
def schedule(request: Any) -> HttpResponse:
    """Every schedule, and whether anybody is there to keep it."""
    context = {
        "table": tables.schedules(request, selectors.standings(request.at)),
        "chores": tables.chores(request, selectors.chores(request.wall)),
        "silent": selectors.silent_since(request.wall), "heard": selectors.ever_heard(), "zone": request.viewer.zone,
        "here": "schedule",
    }  # fmt: skip
    return render(request, "studio/schedule.html", context)


@administrators_only
@never_cache
@require_safe
def turns(request: Any, name: str) -> HttpResponse:
    """One schedule with all its turns."""
    found = schedule_called(name)
    if found is None:
        raise Http404
    one = selectors.standing_of(found, request.at)
    context = {
        "one": one, "table": tables.history(request, one, selectors.history_of(name)), "result": tables.result_of(one),
        "here": "schedule",
    }  # fmt: skip
    return render(request, "studio/turns.html", context)


@administrators_only
@require_POST
def run(request: Any, name: str) -> HttpResponse:
    """Let the worker do it now."""
    found = schedule_called(name)
    if found is None or found.off():
        raise Http404
    services.ask(schedule=name, actor=request.user.actor, at=request.at)
    if selectors.silent_since(request.wall) or not selectors.ever_heard():
        messages.warning(request, _("已记下。后台没有运行，启动后才会执行。"))
    else:
        messages.success(request, _("已交给后台，几秒后刷新可见结果。"))
    return HttpResponseRedirect(f"/studio/schedule/{name}/")
