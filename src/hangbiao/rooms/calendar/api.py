"""Periods for programs."""

from datetime import date

from ninja import Field, Router, Schema

from hangbiao.engines.api.access import needs
from hangbiao.engines.api.asked import Asked
from hangbiao.engines.api.words import lazily as _
from hangbiao.engines.workdays.selectors import unpublished_year
from hangbiao.rooms.calendar import selectors

router = Router(tags=["calendar"], auth=needs(""))


class PeriodOut(Schema):
    """A fiscal period with the days on which its lights are fixed."""

    code: str
    start: date
    end: date
    checkpoints: list[date] = Field(description=_("正式亮灯的日子"))
    provisional: bool = Field(description=_("期间里是否有假期安排还没有公布的日子"))


@router.get("/periods", response=list[PeriodOut], operation_id="periods", summary=_("期间"))
def periods(request: Asked) -> list[PeriodOut]:
    return [
        PeriodOut(
            code=p.code, start=p.start, end=p.end, checkpoints=selectors.checkpoints_of(p),
            provisional=unpublished_year(p.start, p.end) is not None,
        )
        for p in selectors.periods_until(request.viewer.on)
    ]  # fmt: skip
