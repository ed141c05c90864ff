"""Background jobs of the site, run by the worker. Each opens its own scope and takes its instant as an argument."""

from datetime import datetime

from procrastinate import JobContext
from procrastinate.builtin_tasks import remove_old_jobs
from procrastinate.contrib.django import app

from hangbiao.engines.flows.services import sweep
from hangbiao.engines.schedules import selectors as standing
from hangbiao.engines.schedules import services as schedules
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
    """The preview light of yesterday, if its period is open."""
    from hangbiao.rooms.lights.keeping import light_preview

    light_preview(on=at.astimezone(clock.ZONE).date(), at=at, actor="system:preview")


# No lock: a worker that was killed would keep it. Whoever comes second finds the schedule taken (schedules.sql.alone).
@app.periodic(cron="* * * * *")
@app.task(name=standing.TICK, queueing_lock=standing.TICK)
def tick(timestamp: int) -> None:
    """Every minute: a sign of life, and everything that is due."""
    schedules.tick(at=clock.now())


@app.task(name=schedules.RUN_NOW)
def run_now(*, schedule: str, actor: str) -> None:
    """What an administrator asked for on the page."""
    schedules.run_now(schedule=schedule, at=clock.now(), actor=actor)


@app.periodic(cron="50 3 * * *")
@app.task(name="jobs.forget_old", queueing_lock="jobs.forget_old", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Every night: what workers did more than a month ago, unless it failed."""
    await remove_old_jobs(context, max_hours=30 * 24)


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
