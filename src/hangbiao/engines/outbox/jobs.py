"""Jobs of the outbox, run by the worker."""

from procrastinate.contrib.django import app

from hangbiao.engines.scope.context import acting, system_scope


@app.task(name="outbox.follow")
def follow(*, pending: int) -> None:
    """Let one reaction happen. Safe to repeat."""
    from hangbiao.engines.outbox.services import attempt

    with acting(system_scope("job outbox.follow")):
        attempt(pending=pending)


@app.periodic(cron="*/5 * * * *", periodic_id="outbox.sweep")
@app.task(name="outbox.sweep", queueing_lock="outbox.sweep")
def sweep(timestamp: int) -> None:
    """Every five minutes: what was left behind."""
    from hangbiao.engines.outbox import services

    with acting(system_scope("job outbox.sweep")):
        services.sweep()
