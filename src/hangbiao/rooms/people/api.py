"""Units and people for programs: those below the caller's own paths."""

from datetime import date

from ninja import Field, Query, Router, Schema

from hangbiao.engines.api import cursors
from hangbiao.engines.api.access import needs
from hangbiao.engines.api.asked import Asked
from hangbiao.engines.api.cursors import Page
from hangbiao.engines.api.scopes import READ_PEOPLE
from hangbiao.engines.api.words import lazily as _
from hangbiao.rooms.people import selectors

router = Router(tags=["people"], auth=needs(READ_PEOPLE))


class UnitOut(Schema):
    code: str
    name: str
    name_en: str
    kind: str = Field(description=_("company、region 或 team"))
    parent: str = Field(description=_("上级单位的编号；公司没有上级"))
    province: str
    path: str


class PostOut(Schema):
    role: str
    unit: str
    path: str
    since: date
    until: date | None


class PersonOut(Schema):
    code: str
    name: str
    name_en: str
    joined_on: date | None
    left_on: date | None
    posts: list[PostOut] = Field(description=_("今天的任职"))


class PeoplePage(Schema):
    items: list[PersonOut]
    next: str = Field(description=_("下一页的 cursor；最后一页为空"))


class PeopleAsked(Page):
    unit: str = Field("", max_length=40, description=_("单位编号：该单位及其下级"))
    q: str = Field("", max_length=40, description=_("姓名的一部分，或人员编号"))


@router.get("/units", response=list[UnitOut], operation_id="units", summary=_("单位"))
def units(request: Asked) -> list[UnitOut]:
    return [
        UnitOut(
            code=u.code, name=u.name, name_en=u.name_en, kind=u.kind, parent=u.parent.code if u.parent else "",
            province=u.province, path=u.path,
        )
        for u in selectors.units_under(request.viewer.paths).select_related("parent")
    ]  # fmt: skip


@router.get("/people", response=PeoplePage, operation_id="people", summary=_("人员"))
def people(request: Asked, asked: Query[PeopleAsked]) -> PeoplePage:
    who, on = request.viewer.scope, request.viewer.on
    after = cursors.position(asked, "people", asked.unit, asked.q)
    found = selectors.people_seen(who, on, unit=asked.unit, q=asked.q, after=after, limit=asked.limit + 1)
    shown, following = cursors.cut(found, asked, lambda p: p.pk, "people", asked.unit, asked.q)
    posts = selectors.posts_of([p.pk for p in shown], on)
    rows = [
        PersonOut(
            code=p.code, name=p.name, name_en=p.name_en, joined_on=p.joined_on, left_on=p.left_on,
            posts=[
                PostOut(role=o.role, unit=o.unit.code, path=o.unit.path, since=o.valid_from, until=o.valid_to)
                for o in posts.get(p.pk, [])
            ],
        )
        for p in shown
    ]  # fmt: skip
    return PeoplePage(items=rows, next=following)
