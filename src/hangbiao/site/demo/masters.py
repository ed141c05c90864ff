"""The demo's master data as files: units, people, territories, who works them, leave, market potential."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from hangbiao.site.demo import places
from hangbiao.site.demo.company import (
    BEGAN,
    CHANGES_KNOWN,
    FORMER_LEFT,
    JOINED,
    LEAVER_LAST,
    MOVED,
    SICK,
    Company,
    Person,
    Spell,
)
from hangbiao.site.demo.market import LEVEL, Market, dice
from hangbiao.site.demo.writing import write_rows

FOUNDED = date(2020, 1, 1)
UNITS = ("单位编号", "名称", "英文名称", "类型", "上级编号", "省份", "生效日")
PEOPLE = ("工号", "姓名", "英文名", "岗位", "单位编号", "任职起", "任职止", "入职日", "离职日", "登录名")
TERRITORIES = ("片区编号", "片区名称", "英文名称", "单位编号", "生效日", "空缺负责人")
ASSIGNMENTS = ("片区编号", "工号", "起始日", "截止日")


def write_masters(out: Path, company: Company, market: Market) -> None:
    """Everything that is known when the demo begins, and the two changes that come later as files of their own."""
    _units(out, company)
    _territories(out, company)
    _people(out, company)
    _assignments(out, company)
    _leaves(out, company)
    _potential(out, company, market)


def _units(out: Path, company: Company) -> None:
    root = ("C", "青帆食品（演示）", "Qingfan Foods (demo)", "公司", "", "", FOUNDED)
    rows: list[Sequence[object]] = [root]
    for n, place in enumerate(places.REGIONS, 1):
        rows.append((f"R{n:02d}", place.name, place.name_en, "大区", "C", place.province, FOUNDED))
    for code, name, name_en, region in company.teams:
        province = places.REGIONS[region].province
        rows.append((code, name, name_en, "团队", f"R{region + 1:02d}", province, FOUNDED))
    write_rows(out / "units.csv", UNITS, rows)


def _territories(out: Path, company: Company) -> None:
    rows, seen = [], dict.fromkeys(range(len(places.REGIONS)), 0)
    for n, region in enumerate(company.region_of):
        seen[region] += 1
        place, number = places.REGIONS[region], f"{seen[region]:02d}"
        named = (f"{place.name}{number}片区", f"{place.name_en} territory {number}")
        rows.append((company.territory(n), *named, company.team_of[n], FOUNDED, company.supervisor_of[n]))
    write_rows(out / "territories.csv", TERRITORIES, rows)


def _person(person: Person, begins: date, *, last: date | None = None, unit: str = "") -> Sequence[object]:
    """A row of the people file; `last` ends the post and the employment."""
    where = "" if person.unit == "C" else unit or person.unit
    named = (person.code, person.name, person.name_en, person.role, where)
    return (*named, begins, last, person.joined, last, person.code.lower())


def _people(out: Path, company: Company) -> None:
    """UTF-8 with a byte order mark, as spreadsheets save it."""
    joiner = company.people[-1]
    rows = [_person(p, p.joined) for p in company.people[:-1]]
    write_rows(out / "people.csv", PEOPLE, rows, encoding="utf-8-sig")
    by_code = {p.code: p for p in company.people}
    concerned = (company.vacant, company.leaver, company.mover)
    former, leaver, mover = (by_code[company.spells[n].person] for n in concerned)
    rows = [_person(former, former.joined, last=FORMER_LEFT)]
    write_rows(out / f"people_{FORMER_LEFT}.csv", PEOPLE, rows, encoding="utf-8-sig")
    rows = [_person(leaver, leaver.joined, last=LEAVER_LAST), _person(joiner, JOINED)]
    if company.team_of[company.leaver] != mover.unit:
        rows.append(_person(mover, MOVED, unit=company.team_of[company.leaver]))
    write_rows(out / f"people_{CHANGES_KNOWN}.csv", PEOPLE, rows, encoding="utf-8-sig")


def _assignments(out: Path, company: Company) -> None:
    def line(spell: Spell) -> Sequence[object]:
        return (company.territory(spell.territory), spell.person, spell.first, spell.last)

    first = [s for s in company.spells if s.first == BEGAN]
    rows = [line(Spell(s.territory, s.person, s.first)) for s in first]
    write_rows(out / "assignments.csv", ASSIGNMENTS, rows)
    ended = [s for s in first if s.last == FORMER_LEFT]
    write_rows(out / f"assignments_{FORMER_LEFT}.csv", ASSIGNMENTS, map(line, ended))
    changed = [s for s in company.spells if s not in ended and (s.last or s.first > BEGAN)]
    write_rows(out / f"assignments_{CHANGES_KNOWN}.csv", ASSIGNMENTS, map(line, changed))


def _leaves(out: Path, company: Company) -> None:
    """One protected leave that the demo's day falls into, and two ordinary ones that are over."""
    ordinary = [n for n in range(company.size) if n not in company.special][3::11][:2]
    rows: list[Sequence[object]] = [(company.spells[company.sick].person, "病假", "是", *SICK)]
    rested = (date(2026, 10, 19), date(2026, 10, 21))
    rows += [(company.spells[n].person, "年假", "否", *rested) for n in ordinary]
    write_rows(out / f"leaves_{CHANGES_KNOWN}.csv", ("工号", "类别", "受保护", "开始日", "结束日"), rows)


def _potential(out: Path, company: Company, market: Market) -> None:
    """Market potential, UTF-16 as an old reporting tool exports it."""
    chance = dice(market.seed, "potential")
    rows: list[Sequence[object]] = []
    for n in range(company.size):
        level = float(market.level[n]) / LEVEL
        outlets = int(420 * level * chance.normal(1, 0.15)) + 40
        people = int(260_000 * level * chance.normal(1, 0.25)) + 30_000
        category = int(9_600_000 * level * chance.normal(1, 0.12)) + 500_000
        for name, number in (("网点数", outlets), ("人口", people), ("品类销售额", category)):
            rows.append((company.territory(n), name, number, "演示数据（虚构）", "2026-06-30"))
    header = ("片区编号", "属性", "数值", "来源", "日期")
    write_rows(out / "territory_attributes_2026-07-01.csv", header, rows, encoding="utf-16")
