"""Jobs of the interface, run by the worker."""

from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from hangbiao.engines.scope.context import acting, system_scope


@app.periodic(cron="17 3 * * *", periodic_id="api.forget_old")
@app.task(name="api.forget_old", queueing_lock="api.forget_old")
def forget_old(timestamp: int) -> None:
    """Every night: answers and counts that nobody asks for any more."""
    from hangbiao.engines.api import services

    now: datetime = import_string(settings.CLOCK)()
    wall: datetime = import_string(settings.WALL_CLOCK)()
    with acting(system_scope("job api.forget_old")):
        services.forget_old(at=now, wall=wall)
