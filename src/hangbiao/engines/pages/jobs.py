"""Each night, what nobody needs any more goes: keys of answered forms after a week, faults after half a year."""

from django.conf import settings
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from hangbiao.engines.pages.services import sweep


@app.periodic(cron="40 3 * * *")
@app.task(name="pages.sweep", queueing_lock="pages.sweep")
def sweep_nightly(timestamp: int) -> None:
    """Safe to repeat and to miss."""
    sweep(at=import_string(settings.CLOCK)())
