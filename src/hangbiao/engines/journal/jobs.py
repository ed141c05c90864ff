"""Verifications that were asked for on a page, done by the worker."""

from django.conf import settings
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from hangbiao.engines.journal.verifying import perform


@app.task(name="journal.verify", lock="journal.verify")
def verify(*, verification: int) -> None:
    """Safe to repeat."""
    perform(verification, at=import_string(settings.CLOCK)())
