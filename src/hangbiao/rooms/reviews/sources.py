"""What the room offers to the inbox."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from hangbiao.engines.flows import selectors as flows
from hangbiao.engines.pages.numbers import name_of
from hangbiao.engines.pages.waiting import Waiting
from hangbiao.rooms.people.viewer import Viewer
from hangbiao.rooms.reviews import response
from hangbiao.rooms.reviews.selectors import reviews_in


def my_parts(viewer: Viewer) -> Sequence[Waiting]:
    """Tasks of reviews that are the viewer's."""
    if viewer.account_id is None:
        return ()
    tasks = [task for task in flows.open_tasks_of(viewer.account_id) if task.case.flow == response.FLOW]
    reviews = reviews_in([task.case_id for task in tasks])
    found = []
    for task in tasks:
        review = reviews.get(task.case_id)
        if review is None:
            continue
        step = flows.flow_of(task.case.definition).step(task.step)
        own = viewer.person is not None and review.person_id == viewer.person.pk
        name = _("你的复盘") if own else _("%(name)s 的复盘") % {"name": name_of(review.person)}
        title = _("%(whose)s：%(step)s") % {"whose": name, "step": _("确认纪要") if task.part == "confirm" else step.name}
        found.append(
            Waiting(f"task:{task.pk}", title, f"/reviews/{review.pk}/", task.given_at, "", task.due_on, review.highest)
        )
    return found
