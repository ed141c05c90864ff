"""What waits for the caller, for programs: the same list as the inbox."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Router, Schema

from hangbiao.engines.api.access import needs
from hangbiao.engines.api.asked import Asked
from hangbiao.engines.api.scopes import READ_TASKS
from hangbiao.engines.api.words import lazily as _
from hangbiao.rooms.desk.inbox import waiting_for

router = Router(tags=["tasks"], auth=needs(READ_TASKS))


class TaskOut(Schema):
    key: str
    title: str
    said: str
    href: str = Field(description=_("在本系统里打开它的地址"))
    since: datetime
    due: date | None
    workdays_left: int | None = Field(description=_("还剩几个工作日；0 是今天，负数是已过期，空是没有期限"))
    provisional: bool = Field(description=_("期限是否落在假期安排还没有公布的日子上"))
    light: str


@router.get("/tasks", response=list[TaskOut], operation_id="tasks", summary=_("等着我的事，最近到期的在前"))
def tasks(request: Asked) -> list[TaskOut]:
    viewer: Any = request.viewer
    return [
        TaskOut(
            key=item.waiting.key, title=item.waiting.title, said=item.waiting.said, href=item.waiting.href,
            since=item.waiting.since, due=item.waiting.due, workdays_left=item.left,
            provisional=item.unpublished is not None, light=item.waiting.light,
        )
        for item in waiting_for(viewer)
    ]  # fmt: skip
