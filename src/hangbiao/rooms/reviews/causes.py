"""Causes of a deviation in words: what the numbers show, what that is typical of, and what each party should answer."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hangbiao.core import diagnosis as d

NAMES: Mapping[str, Any] = {
    d.LATE: lazy("数据未到"), d.STOCK: lazy("缺货"), d.VISITS: lazy("拜访不足"), d.CHANNEL: lazy("渠道关闭或流失"),
    d.PRODUCT: lazy("产品少了订单"), d.ORDERS: lazy("订单普遍减少"), d.PRICE: lazy("疑似竞品价格"),
    d.CHANNEL_VALUE: lazy("渠道每单变小"), d.BASKET: lazy("每单普遍变小"), d.RETURNS: lazy("退货增多"), d.REST: lazy("其余"),
}  # fmt: skip
# What the form for one's own part calls it, so that the generated cause stands chosen there.
OF_THE_FORM = {
    d.STOCK: "stock", d.VISITS: "visits", d.CHANNEL: "channel", d.PRICE: "price", d.ORDERS: "customer", d.PRODUCT: "customer",
}  # fmt: skip
SAID: Mapping[str, Any] = {
    d.LATE: lazy("%(day)s 以后的数据还没有到，这几天应达 %(amount)s。先补数据，再谈差距。"),
    d.STOCK: lazy("%(of)s 有缺货记录，合计 %(days)s 天。这些天里少卖 %(amount)s。"),
    d.VISITS: lazy("%(done)s，是平常的 %(share)s，由此少卖 %(amount)s。"),
    d.CHANNEL: lazy(
        "%(of)s 的订单比其他渠道少得多，合 %(amount)s；每单金额没有同样变小。多见于门店关闭或客户转走，请核实。"
    ),
    d.PRODUCT: lazy("%(of)s 的订单比其他产品少得多，合 %(amount)s，但没有缺货记录。多见于下架或被替换，请核实。"),
    d.ORDERS: lazy("各渠道、各产品的订单都少，合 %(amount)s；拜访没有同样减少。"),
    d.PRICE: lazy("%(of)s 照常下单，但每单金额变小，和其他产品相比少卖 %(amount)s。多见于竞品降价或促销，请核实。"),
    d.CHANNEL_VALUE: lazy("%(of)s 照常下单，但每单金额变小，和其他渠道相比少卖 %(amount)s。"),
    d.BASKET: lazy("订单次数没有同样减少，各处每单金额都变小，合 %(amount)s。"),
    d.RETURNS: lazy("退货 %(returns)s，按上一年应有 %(usual)s，多出 %(amount)s。"),
}
EMPLOYEE, SUPERVISOR, REGION_MANAGER = "employee", "supervisor", "region_manager"
ASKED: Mapping[str, tuple[Any, Any, Any]] = {
    d.LATE: (
        lazy("你手上的单据和系统里的一致吗，差哪几张？"), lazy("哪些单据没有报上来？"), lazy("数据哪天补齐，谁负责？"),
    ),
    d.STOCK: (
        lazy("缺货时哪些客户改买了别家，货到以后怎么要回来？"), lazy("货哪天到，先补给谁？"),
        lazy("和供应链说定了哪一天到货？"),
    ),
    d.VISITS: (
        lazy("少跑的是哪些线路、哪些客户，为什么？"), lazy("路线计划要不要改，谁哪天陪访？"), lazy("人手够不够，要不要调线路？"),
    ),
    d.CHANNEL: (
        lazy("哪些店关了或不再进货，从哪天起，有没有通知或照片？"), lazy("这部分量能转到哪些渠道、哪些客户？"),
        lazy("别的片区也这样吗？要不要申请调整目标？"),
    ),
    d.PRODUCT: (
        lazy("客户为什么不再订，被什么替代了？"), lazy("哪些客户可以重新上架，要什么条件？"), lazy("产品和陈列要什么支持？"),
    ),
    d.PRICE: (
        lazy("竞品是谁，什么价格，从哪天起？有没有照片？"), lazy("哪些客户能用陈列或促销留住？"),
        lazy("要不要申请价格支持，哪天能定？"),
    ),
    d.RETURNS: (lazy("退的是什么，为什么退？"), lazy("怎么让客户少退，库存多少合适？"), lazy("退货里有没有质量或压货的问题？")),
}  # fmt: skip
_USUAL = (
    lazy("哪些客户进货少了，他们怎么说？"), lazy("同组别人是怎么做到的，哪些能照着做？"),
    lazy("片区的市场有没有变化，别的片区呢？"),
)  # fmt: skip


CHANNELS: Mapping[str, Any] = {
    "traditional": lazy("传统零售"), "supermarket": lazy("商超"), "convenience": lazy("便利店"), "catering": lazy("餐饮"),
    "group_buying": lazy("社区团购"),
}  # fmt: skip


def member(name: str) -> str:
    """What a channel or product group is called; those that only the company knows are called as its files call them."""
    return str(CHANNELS.get(name, name)) if name else _("未注明")


def name_of_cause(cause: str) -> str:
    """What a cause is called."""
    return str(NAMES.get(cause, cause))


def asked(causes: list[str], *, lit_before: bool, promised: bool) -> list[tuple[str, list[str]]]:
    """Role → the questions to that party: of the two foremost causes, of the last review, and the way to the end."""
    found: dict[str, list[str]] = {EMPLOYEE: [], SUPERVISOR: [], REGION_MANAGER: []}
    for cause in causes[:2] or [d.ORDERS]:
        for role, question in zip(found, ASKED.get(cause, _USUAL), strict=True):
            if str(question) not in found[role]:
                found[role].append(str(question))
    if promised:
        found[SUPERVISOR].append(_("上次的行动做了哪些，哪些有用，哪些不再做？"))
    elif lit_before:
        found[SUPERVISOR].append(_("上一个检查点也亮了灯：从那以后改了什么？"))
    found[EMPLOYEE].append(_("到期末还差的，靠哪些客户，每周做到多少？"))
    found[SUPERVISOR].append(_("你在哪一天之前做什么？"))
    found[REGION_MANAGER].append(_("你给什么支持，哪一天到位？"))
    return list(found.items())
