"""Jobs of the messages, run by the worker."""

from procrastinate.contrib.django import app

from hangbiao.engines.scope.context import acting, system_scope


@app.task(name="messages.pump")
def pump() -> None:
    """Send what is due. Safe to repeat, any number at once."""
    from hangbiao.engines.notify import confirming, sending

    with acting(system_scope("job messages.pump")):
        sending.pump()
        confirming.follow()


@app.periodic(cron="* * * * *", periodic_id="messages.sweep")
@app.task(name="messages.sweep", queueing_lock="messages.sweep")
def sweep(timestamp: int) -> None:
    """Every minute: what quiet time or a pause has held back, what a killed sender left, and what came of the rest."""
    from hangbiao.engines.notify import services

    with acting(system_scope("job messages.sweep")):
        services.close_what_was_missed()
    pump()
