"""Jobs of the webhooks, run by the worker. One subscription's messages go one after another."""

from procrastinate.contrib.django import app

from hangbiao.engines.scope.context import acting, system_scope


@app.task(name="webhooks.send")
def send(*, delivery: int) -> None:
    """Send one delivery. Safe to repeat."""
    from hangbiao.engines.webhooks.services import attempt

    with acting(system_scope("job webhooks.send")):
        attempt(delivery=delivery)


@app.periodic(cron="*/5 * * * *", periodic_id="webhooks.sweep")
@app.task(name="webhooks.sweep", queueing_lock="webhooks.sweep")
def sweep(timestamp: int) -> None:
    """Every five minutes: what was left behind."""
    from hangbiao.engines.webhooks import services

    with acting(system_scope("job webhooks.sweep")):
        services.sweep()
