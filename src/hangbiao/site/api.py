"""The interface for programs, composed of the rooms' routers."""

from typing import Any

from hangbiao.engines.api.interface import composed
from hangbiao.engines.api.scopes import (
    PUSH_ACTUALS,
    READ_BATCHES,
    READ_BOARD,
    READ_LIGHTS,
    READ_PEOPLE,
    READ_TARGETS,
    READ_TASKS,
)
from hangbiao.engines.api.words import lazily as _
from hangbiao.rooms.actuals.api import router as actuals
from hangbiao.rooms.actuals.errors import PushRefused
from hangbiao.rooms.board.api import router as board
from hangbiao.rooms.calendar.api import router as calendar
from hangbiao.rooms.desk.api import router as desk
from hangbiao.rooms.lights.api import router as lights
from hangbiao.rooms.people.api import router as people
from hangbiao.rooms.targets.api import router as targets

VERSION = "1.0.0"
READING = frozenset({READ_BOARD, READ_LIGHTS, READ_TARGETS, READ_PEOPLE, READ_TASKS})

api = composed(
    title=_("航标接口"),
    version=VERSION,
    description=_("读取看板、亮灯、目标和人员，推送实际数据。金额和比率是文字，不会丢失精度。"),
    routers=[board, lights, targets, people, calendar, actuals, desk],
    refusals=[PushRefused],
)


def grants(request: Any) -> frozenset[str]:
    """What a signed-in person may do: read within their own scope; an administrator brings data in as well."""
    if request.viewer.role == "administrator":
        return READING | {READ_BATCHES, PUSH_ACTUALS}
    return READING
