"""Read flows, cases and tasks. Cases and tasks come in the acting scope; a task is also its assignee's."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Count, F, Max, Q, QuerySet

from hangbiao.engines.flows import definition as flow_definition
from hangbiao.engines.flows.catalogue import names_of
from hangbiao.engines.flows.definition import Flow
from hangbiao.engines.flows.errors import NoSuchFlow
from hangbiao.engines.flows.models import Case, Definition, Task
from hangbiao.engines.flows.ports import roles
from hangbiao.engines.scope.context import acting, system_scope


def newest(flow: str) -> Definition:
    """The version that new cases go through."""
    found = Definition.objects.filter(flow=flow).order_by("-version").first()
    if found is None:
        raise NoSuchFlow(flow=flow)
    return found


def flow_of(published: Definition) -> Flow:
    """The checked flow of a published version."""
    return _flow(published.pk, published.sha256)


@lru_cache(maxsize=256)
def _flow(pk: int, _sha256: str) -> Flow:
    published = Definition.objects.get(pk=pk)
    return flow_definition.read(published.body, roles=roles().names(), names=names_of(published.flow))


def checked(body: dict[str, Any]) -> Flow:
    """The flow that `body` describes; BadDefinition or NoSuchFlow if it is none."""
    return flow_definition.read(body, roles=roles().names(), names=names_of(str(body.get("flow", ""))))


def versions_of(flow: str) -> list[Definition]:
    """Every version, the newest first, each with `running`: how many cases are going through it."""
    running = Count("cases", filter=Q(cases__closed_at__isnull=True))
    with acting(system_scope("how many cases run on each version: a count, whoever asks")):
        return list(Definition.objects.filter(flow=flow).annotate(running=running).order_by("-version"))


def published() -> list[Definition]:
    """The version in force of every flow, by key."""
    keys = Definition.objects.order_by("flow").values_list("flow", flat=True).distinct()
    return [versions_of(key)[0] for key in keys]


def open_tasks_of(account: int) -> QuerySet[Task]:
    """What waits for an account, the nearest deadline first."""
    mine = Task.objects.filter(assignee_id=account, state=Task.State.OPEN)
    return mine.also_through("case").select_related("case__definition").order_by("due_on", "pk")


def case_numbered(pk: int) -> Case | None:
    """A case in the acting scope."""
    return Case.objects.select_related("definition").filter(pk=pk).first()


def tasks_of(case: Case) -> QuerySet[Task]:
    """Everything anybody had or has to do in it, in the order it was given."""
    return Task.objects.filter(case=case).select_related("assignee", "principal", "done_by").order_by("given_at", "pk")


def late_cases(cases: Sequence[int], on: date) -> set[int]:
    """The cases in which something was done after its day, or is still to be done after it."""
    parts = Task.objects.filter(case__in=cases).exclude(state=Task.State.VOID)
    late = Q(state=Task.State.OPEN, due_on__lt=on) | Q(state=Task.State.DONE, done_at__date__gt=F("due_on"))
    return set(parts.filter(late).values_list("case_id", flat=True))


def accounts_in(case: int) -> set[int]:
    """The accounts that have or had a part in a case."""
    parts = Task.objects.filter(case=case, assignee__isnull=False).exclude(state=Task.State.VOID)
    return {int(account or 0) for account in parts.values_list("assignee_id", flat=True)}


class Handed(NamedTuple):
    """A task as those who tell of it need it: ten thousand of them are read at once."""

    pk: int
    case_id: int
    flow: str
    definition_id: int
    subject_id: int
    org_path: str
    assignee_id: int | None
    escalated_to_id: int | None
    due_on: date


def tasks_numbered(pks: Sequence[int]) -> list[Handed]:
    """These tasks, each with its case's flow."""
    found = Task.objects.filter(pk__in=pks).also_through("case").order_by("pk")
    columns = ("pk", "case_id", "case__flow", "case__definition_id", *Handed._fields[4:])
    return [Handed(*row) for row in found.values_list(*columns)]


def copied_to(tasks: Sequence[Handed], on: date) -> dict[int, set[int]]:
    """Account → subjects of these tasks, for whoever the flow keeps in copy."""
    found: dict[int, set[int]] = {}
    for definition in Definition.objects.filter(pk__in={task.definition_id for task in tasks}):
        subjects = {task.subject_id: task.org_path for task in tasks if task.definition_id == definition.pk}
        for (_role, subject), filled in roles().fill(flow_of(definition).cc, subjects, on).items():
            for one in filled:
                found.setdefault(one.account, set()).add(subject)
    return found


def last_closed(flow: str, subjects: Collection[int]) -> dict[int, datetime]:
    """Subject → when the last of its cases was closed, of those who ever had one closed."""
    closed = Case.objects.filter(flow=flow, subject_id__in=subjects, closed_at__isnull=False)
    return dict(closed.values_list("subject_id").annotate(Max("closed_at")).order_by())
