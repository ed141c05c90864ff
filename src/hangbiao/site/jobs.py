"""Background jobs of the site, run by the worker. Each opens its own scope and takes its instant as an argument."""

from datetime import datetime

from procrastinate.contrib.django import app

from hangbiao.engines.scope.context import acting, system_scope


@app.task(name="demo.move_clock", lock="demo-clock", queueing_lock="demo-clock")
def move_demo_clock(*, to: str) -> None:
    """Let the demo company live until `to`: the next files come in, checkpoints are lit. Safe to repeat."""
    from hangbiao.site.demo.clockwork import move

    with acting(system_scope("job demo.move_clock")):
        move(datetime.fromisoformat(to))
