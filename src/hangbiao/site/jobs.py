"""Background jobs of the site, run by the worker. Each opens its own scope and takes its instant as an argument."""

from contextlib import suppress
from datetime import datetime, timedelta

from procrastinate import JobContext
from procrastinate.contrib.django import app

from hangbiao.engines.flows.services import sweep
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.actuals.imports import TASK, perform
from hangbiao.site import clock

STALLED_AFTER = 120  # seconds without a sign of life from the worker that had the job


@app.task(name="demo.move_clock", lock="demo-clock", queueing_lock="demo-clock")
def move_demo_clock(*, to: str) -> None:
    """Let the demo company live until `to`: the next files come in, checkpoints are lit. Safe to repeat."""
    from hangbiao.site.demo.clockwork import move

    with acting(system_scope("job demo.move_clock")):
        move(datetime.fromisoformat(to))


@app.task(name=TASK, lock="actuals")
def import_or_undo(*, job: int) -> None:
    """Do what was asked for on the import page, then light the preview anew where facts changed."""
    done = perform(job, at=clock.now())
    if done.batch and done.batch.daily_changed and done.kind != "check":
        with acting(system_scope(f"preview after import job {job}")):
            light_the_preview(clock.now())


def light_the_preview(at: datetime) -> None:
    """The preview light of yesterday, if its period is open and has targets."""
    from hangbiao.rooms.lights.errors import NoPeriod
    from hangbiao.rooms.lights.services import evaluate, project

    yesterday = at.astimezone(clock.ZONE).date() - timedelta(days=1)
    with suppress(NoPeriod):
        project(evaluate(as_of=yesterday, at=at, actor="system:preview", kind="preview"))


@app.periodic(cron="7 * * * *")
@app.task(name="flows.sweep", lock="flows-sweep", queueing_lock="flows-sweep")
def sweep_flows(timestamp: int) -> None:
    """Every hour: tasks follow deputies, reminders go out on their days, what is overdue is escalated."""
    sweep(at=clock.now(), actor="system:flows", zone=clock.ZONE)


@app.periodic(cron="*/5 * * * *")
@app.task(name="jobs.retry_stalled", queueing_lock="jobs-retry-stalled", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Take up again what a worker left when it was killed. Every job of ours can be repeated safely."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        await manager.retry_job(job)
