"""Whom a visitor of the demo can sign in as (the port settings.DEMO_PEOPLE): a few worth trying first, then everybody."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from hangbiao.engines.accounts.selectors import DemoPerson
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.lights.selectors import newest_lamps
from hangbiao.rooms.people.roles import Role
from hangbiao.rooms.people.selectors import people_to_sign_in_as, unit_names
from hangbiao.rooms.targets.selectors import headline
from hangbiao.site import clock


def role_names() -> dict[str, str]:
    """Post role → its name on pages."""
    return {
        Role.EXECUTIVE: _("高管"),
        Role.HRBP: _("HRBP"),
        Role.REGION_MANAGER: _("大区经理"),
        Role.SUPERVISOR: _("业务主管"),
        Role.REP: _("业务代表"),
        Role.ADMINISTRATOR: _("系统管理员"),
        Role.AUDITOR: _("审计员"),
        Role.INTEGRATOR: _("集成账号"),
    }


def demo_people(at: datetime) -> Sequence[DemoPerson]:
    """Everybody with an account on that day; those with a word to say about them come first."""
    names = role_names()
    on = at.astimezone(clock.ZONE).date()
    with acting(system_scope("demo sign-in list")):
        posts = [(p, post) for p, post in people_to_sign_in_as(on) if p.account]
        said = _worth_trying([(p.code, str(post.role), post.unit.path) for p, post in posts])
    found = {p.pk: (p, post) for p, post in reversed(posts)}  # somebody with several posts stands there once
    people = [
        DemoPerson(p.account.username, p.name, names[post.role], post.unit.name, said.get(p.code, ""))
        for p, post in reversed(found.values())
        if p.account
    ]
    return sorted(
        people, key=lambda person: list(said.values()).index(person.say) if person.say else len(said)
    )


def introductions() -> dict[str, dict[str, str]]:
    """Employee code → name, what they are and their mail: whose screen is whose."""
    names = role_names()
    with acting(system_scope("demo introductions")):
        posts = people_to_sign_in_as(clock.today())
    return {
        person.code: {"name": person.name, "say": f"{names[post.role]} · {post.unit.name}", "mail": person.mail}
        for person, post in reversed(posts)
    }


def _worth_trying(posts: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    """Person code → why; from today's lights, so that the red ones are really red."""
    metric = headline()
    lamps = newest_lamps(metric.pk) if metric else []
    regions = {
        path: sum(light == "red" for p, light, _c in lamps if p.startswith(path))
        for path in unit_names(["region"])
    }
    worst = max(regions, key=lambda path: regions[path], default="")
    said: dict[str, str] = {}

    def suggest(role: str, below: str, why: str) -> None:
        code = next(
            (c for c, r, path in posts if r == role and path.startswith(below) and c not in said), None
        )
        if code:
            said[code] = why

    suggest(Role.EXECUTIVE, "", _("全公司：先看红灯在哪里"))
    suggest(Role.REGION_MANAGER, worst, _("红灯最多的大区"))
    suggest(Role.HRBP, worst, _("同一大区的 HRBP"))
    suggest(Role.SUPERVISOR, worst, _("红灯最多的大区里的一支队伍"))
    words = {"red": _("红灯的业务代表"), "yellow": _("黄灯的业务代表"), "green": _("绿灯的业务代表")}
    for light, why in words.items():
        code = next(
            (c for path, lamp, c in lamps if lamp == light and (path.startswith(worst) or light == "green")),
            None,
        )
        if code:
            said[code] = why
    suggest(Role.ADMINISTRATOR, "", _("负责配置，默认看不到业绩"))
    suggest(Role.AUDITOR, "", _("读日志：谁在何时改变了什么"))
    suggest(Role.INTEGRATOR, "", _("接口文档：程序怎样读写"))
    return said


def who_to_sign_in_as() -> list[str]:
    """A line per demo person worth trying, for the terminal: user name, name, role, unit, why."""
    people = [p for p in demo_people(clock.now()) if p.say]
    return [f"{p.username:<8} {p.name}  {p.role} · {p.place}  {p.say}" for p in people]
