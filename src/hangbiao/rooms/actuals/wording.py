"""Streams, fields and states in the words of the pages."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

STREAM_TITLES = {
    "metrics": lazy("指标"),
    "units": lazy("组织单位"),
    "people": lazy("人员"),
    "territories": lazy("片区"),
    "assignments": lazy("片区分派"),
    "leaves": lazy("请假"),
    "targets": lazy("目标"),
    "outlets": lazy("网点"),
    "order_lines": lazy("订单行"),
    "visits_done": lazy("完成的拜访"),
    "visits_planned": lazy("计划的拜访"),
    "stockouts": lazy("缺货日"),
    "territory_attributes": lazy("片区属性"),
    "daily_totals": lazy("日汇总"),
}
FIELD_TITLES = {
    "order": lazy("订单号"), "line": lazy("行号"), "day": lazy("业务日期"), "net_amount": lazy("净额"),
    "outlet": lazy("网点编号"), "channel": lazy("渠道"), "sku": lazy("产品"), "sku_group": lazy("产品系列"),
    "quantity": lazy("数量"), "list_price": lazy("标价"), "side": lazy("口径"), "rep": lazy("业务代表"),
    "territory": lazy("所属片区"), "version": lazy("版本"), "visit": lazy("拜访号"), "at": lazy("打卡时间"),
    "route": lazy("路线"), "name": lazy("名称"), "name_en": lazy("英文名"), "lat": lazy("纬度"), "lng": lazy("经度"),
    "crs": lazy("坐标系"), "kind": lazy("类别"), "do_not_contact": lazy("免打扰"), "attribute": lazy("属性"),
    "value": lazy("数值"), "source": lazy("出处"), "metric": lazy("指标"), "unit": lazy("单位"),
    "decimals": lazy("小数位"), "direction": lazy("方向"), "parent": lazy("上级"), "province": lazy("省份"),
    "from": lazy("起始日"), "to": lazy("截止日"), "person": lazy("人员编号"), "role": lazy("角色"),
    "joined": lazy("入职日"), "left": lazy("离职日"), "username": lazy("登录名"),
    "vacancy_owner": lazy("空缺责任人"), "protected": lazy("受保护"), "start": lazy("开始日"), "end": lazy("结束日"),
    "period": lazy("期间"), "base": lazy("基准目标"), "stretch": lazy("挑战目标"), "phasing": lazy("分解"),
}  # fmt: skip
PHASES = {
    "": lazy("准备"),
    "read": lazy("读取并检查每一行"),
    "compare": lazy("与已入账的行比对"),
    "book": lazy("写入每日事实和计分卡"),
}


def stream(name: str) -> str:
    return str(STREAM_TITLES.get(name, name))


def field(name: str) -> str:
    return str(FIELD_TITLES.get(name, name))


def phase(name: str) -> str:
    return str(PHASES.get(name, name))


def who(actor: str, names: dict[str, str]) -> str:
    """Somebody's name; the machine's own commands by what they are."""
    if actor in names:
        return names[actor]
    return {"": _("未记录"), "system:demo": _("演示公司"), "system:command": _("命令行")}.get(
        actor, _("系统")
    )


def author(actor: str, names: dict[str, str]) -> str:
    """Who made a mapping."""
    return who(actor, names) if actor else _("映射文件")


def listed(words: list[str]) -> str:
    return _("、").join(words)


def size(count: int) -> str:
    """12 KB, 3.4 MB."""
    kilo, mega = 1 << 10, 1 << 20
    return f"{count / mega:.1f} MB" if count >= mega else f"{max(1, round(count / kilo))} KB"
