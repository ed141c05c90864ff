"""How companies call things, Chinese and English. The first words of a field are its own; later ones are looser.

Compared without blanks, underscores, hyphens, brackets and case.
"""

import re

NAMES: dict[str, str] = {
    "order": "订单号 订单编号 销售单号 单据号 单据编号 单号 发票号 合同号 orderno ordernumber orderid "
        "salesordernumber salesorder order invoiceno invoicenumber opportunityid documentno "
        "billno",
    "line": "行号 订单行号 行项目 明细行号 明细序号 序号 lineno linenumber orderline line lineitem "
        "item itemno salesorderline",
    "day": "业务日期 订单日期 下单日期 发货日期 开票日期 销售日期 拜访日期 建档日 建档日期 缺货日期 "
        "日期 businessdate orderdate invoicedate shipdate salesdate visitdate closedate "
        "transactiondate postingdate date day datadate",
    "net_amount": "净额 净销售额 未税金额 不含税金额 实收金额 实销金额 销售金额 订单金额 金额 销售额 "
        "netamount salesamount linetotal amount closevalue revenue netvalue total sales",
    "list_price": "标价 目录价 单价 价格 listprice unitprice price salesprice",
    "quantity": "数量 销售数量 订货数量 件数 箱数 orderquantity orderqty quantity qty units",
    "outlet": "网点 网点编号 门店 门店编号 终端 终端编号 客户 客户编号 客户编码 客户代码 outlet "
        "outletid store storeid customer customerid customerno reseller account shop",
    "channel": "渠道 渠道类型 客户渠道 channel saleschannel businesstype",
    "sku": "产品 产品编号 产品编码 商品 商品编码 货号 物料 物料编码 品项 sku product productkey "
        "productid productcode itemcode material",
    "sku_group": "系列 产品系列 品类 产品线 品牌 大类 skugroup productgroup category series brand "
        "productline",
    "side": "口径 销售口径 side",
    "rep": "业务代表 业务员 业务员编号 销售员 销售代表 导购 工号 员工编号 业务代表编号 rep salesrep "
        "salesperson salesagent salespersonid employeeid employee seller agent",
    "territory": "片区 片区编号 片区代码 销售片区 责任区 territory territoryid territorycode "
        "salesterritorykey salesterritory area",
    "version": "版本 版本号 修订号 version revision rev",
    "visit": "拜访号 拜访编号 拜访单号 visit visitid visitno",
    "at": "打卡时间 签到时间 拜访时间 checkintime checkin time",
    "route": "路线 拜访路线 线路 route",
    "metric": "指标 指标编号 指标名称 考核指标 metric kpi measure",
    "value": "数值 值 实绩 完成值 完成数 value actual",
    "period": "期间 季度 考核期 财季 period quarter fiscalquarter",
    "base": "基准目标 基础目标 保底目标 目标 目标值 任务 任务额 指标值 base basetarget target quota "
        "salesquota goal budget",
    "stretch": "挑战目标 冲刺目标 挑战值 stretch stretchtarget",
    "phasing": "分解 节奏 分解方式 phasing",
    "unit": "单位编号 组织编号 部门编号 部门 组织 组 团队 所属单位 所属部门 unit unitcode department "
        "team orgcode",
    "name": "姓名 名称 客户名称 网点名称 门店名称 片区名称 员工姓名 人员姓名 部门名称 name fullname "
        "title resellername displayname",
    "name_en": "英文名 英文名称 nameen englishname",
    "kind": "类型 类别 种类 客户类型 请假类别 kind type",
    "parent": "上级编号 上级 上级单位 上级部门 parent parentcode",
    "province": "省份 省 province state stateprovincename",
    "person": "工号 员工编号 人员编号 员工号 人员 员工 person personid employee employeeid "
        "employeeno salesperson salesagent",
    "role": "岗位 职位 角色 职务 role jobtitle position",
    "from": "起始日 生效日 任职起 开始日期 起始日期 生效日期 from startdate validfrom effectivedate",
    "to": "截止日 失效日 任职止 结束日期 截止日期 to enddate validto",
    "joined": "入职日 入职日期 joined hiredate joineddate",
    "left": "离职日 离职日期 left leftdate terminationdate",
    "username": "登录名 账号 用户名 username login loginid",
    "vacancy_owner": "空缺负责人 空缺责任人 vacancyowner",
    "protected": "受保护 保护性 protected",
    "start": "开始日 开始日期 起始日 start startdate",
    "end": "结束日 结束日期 截止日 end enddate",
    "attribute": "属性 属性名 attribute",
    "source": "来源 出处 数据来源 source",
    "lat": "纬度 lat latitude",
    "lng": "经度 lng lon longitude",
    "crs": "坐标系 crs",
    "do_not_contact": "免打扰 勿扰 donotcontact donotcall",
    "decimals": "小数位 小数位数 decimals",
    "direction": "方向 direction",
}  # fmt: skip

# What the cells of a choice say in the files of companies.
MEANINGS: dict[str, dict[str, str]] = {
    "role": {
        "业务代表": "rep", "业务员": "rep", "销售代表": "rep", "业务主管": "supervisor", "主管": "supervisor",
        "大区经理": "region_manager", "区域经理": "region_manager", "HRBP": "hrbp", "总经理": "executive",
        "销售总监": "executive", "高管": "executive", "系统管理员": "administrator", "管理员": "administrator",
        "Sales Representative": "rep", "Sales Rep": "rep", "Manager": "supervisor", "Regional Manager": "region_manager",
    },
    "kind": {
        "公司": "company", "大区": "region", "区域": "region", "团队": "team", "组": "team", "主管组": "team",
        "客户": "customer", "潜在客户": "prospect", "意向客户": "prospect", "Customer": "customer", "Prospect": "prospect",
    },
    "side": {"发货": "sell_in", "开票": "sell_in", "动销": "sell_out", "Sell-in": "sell_in", "Sell-out": "sell_out"},
    "direction": {"越高越好": "higher", "越低越好": "lower"},
}  # fmt: skip

# Words in a file's name that speak for a stream.
HINTS: dict[str, str] = {
    "order_lines": "order orders sales resellersales invoice shipment pipeline 订单 销售 发货 开票 出库",
    "visits_done": "visitsdone visit visits checkin 拜访 签到",
    "visits_planned": "visitsplanned planned plan route 计划 路线",
    "outlets": "outlet outlets customer customers reseller store accounts 网点 门店 客户 终端",
    "targets": "target targets quota salesquota budget 目标 任务 配额",
    "people": "people person employee employees staff salesperson 人员 员工 花名册",
    "units": "unit units org department 组织 部门",
    "territories": "territory territories salesterritory 片区",
    "assignments": "assignment assignments employeesalesterritory territoryhistory 分派 归属 负责",
    "leaves": "leave leaves 请假 休假",
    "stockouts": "stockout stockouts 缺货",
    "territory_attributes": "attributes territoryattributes potential 潜力 属性",
    "daily_totals": "daily dailytotals totals 日汇总 汇总",
    "metrics": "metric metrics kpi 指标",
}


def plain(text: str) -> str:
    """A name as it is compared."""
    return re.sub(r"[\s_\-()（）\[\]【】./:：#*]+", "", text).casefold()


_SUFFIX = re.compile(r"(?:key|id|no|code|number|编号|编码|代码)$")
_KNOWN = {field: [plain(word) for word in words.split()] for field, words in NAMES.items()}


def likeness(field: str, header: str) -> tuple[int, str]:
    """How well a column's name says a field, 0 to 100, and the word it was recognised by."""
    name = plain(re.sub(r"[（(].*?[)）]", "", header)) or plain(header)
    best = (0, "")
    bare = re.sub(_SUFFIX, "", name)
    for place, word in enumerate(_KNOWN.get(field, [plain(field)])):
        if name == word:
            score = 100 - 2 * place
        elif bare == word:
            score = 80 - place
        elif len(word) >= 2 and word in name and (not word.isascii() or len(word) >= 4):  # noqa: PLR2004
            score = 45 - place - (len(name) - len(word))
        elif len(name) >= 4 and name in word and name.isascii():  # noqa: PLR2004
            score = 30 - place
        else:
            continue
        best = max(best, (score, word))
    return best


def hint_for(stream: str, file_name: str) -> int:
    """How loudly a file's name speaks for a stream: the length of the longest word that it holds."""
    name = plain(file_name.rsplit(".", 1)[0])
    return max((len(plain(w)) for w in HINTS.get(stream, "").split() if plain(w) in name), default=0)
