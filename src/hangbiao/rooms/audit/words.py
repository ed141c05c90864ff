"""Names that this room gives to kinds of lines, to streams, and to what a line says."""

from typing import Any

from django.utils.translation import gettext as _

from hangbiao.engines.pages import lamps

SYSTEM = "system:"
HASHES = frozenset({"root", "merkle_root", "digest", "sha256"})


def kinds() -> dict[str, str]:
    """Kind → what was done."""
    return _accounts() | _actuals() | _organisation() | _house()


def _accounts() -> dict[str, str]:
    return {
        "account.opened": _("账号开通"), "account.many_opened": _("批量开通账号"), "account.closed": _("账号停用"),
        "account.reopened": _("账号重新开通"), "account.mail_set": _("账号邮箱变更"),
        "account.many_mails_set": _("批量变更邮箱"), "account.password_set": _("密码变更"),
        "account.invited": _("发出邀请"), "account.reset_asked": _("申请重置密码"), "account.signed_in": _("登录"),
        "account.sessions_ended": _("退出登录"), "account.sign_on_joined": _("绑定单点登录"),
        "account.sign_on_unlinked": _("解除单点登录绑定"), "account.factor_added": _("添加两步验证"),
        "account.factor_removed": _("移除两步验证"), "account.factors_forgotten": _("重置两步验证"),
        "account.recovery_codes_made": _("生成恢复码"), "account.recovery_code_used": _("使用恢复码"),
    }  # fmt: skip


def _actuals() -> dict[str, str]:
    return {
        "actuals.file_received": _("收到文件"), "actuals.file_put_away": _("收起文件"),
        "actuals.mapping_saved": _("保存映射"), "actuals.batch_accepted": _("一批数据入账"),
        "actuals.batch_undone": _("撤销一批数据"), "actuals.rows_corrected": _("改正被隔离的行"),
        "actuals.job_cancelled": _("取消导入"), "actuals.suspect_decided": _("判断疑似重复"),
        "actuals.line_reversed": _("冲销一行"), "actuals.lines_recredited": _("按新的任职重新归属"),
        "actuals.landing_swept": _("清理无主文件"),
    }  # fmt: skip


def _organisation() -> dict[str, str]:
    return {
        "people.company_named": _("公司命名"), "people.units_booked": _("单位入册"), "people.people_booked": _("人员入册"),
        "people.territories_booked": _("片区入册"), "people.assignments_booked": _("片区分配入册"),
        "people.leaves_booked": _("请假入册"), "people.mail_set": _("人员邮箱变更"),
        "people.deputy_appointed": _("指定代理人"), "people.deputy_ended": _("结束代理"),
        "targets.metrics_booked": _("指标入册"), "targets.versions_adopted": _("目标新版本生效"),
        "calendar.period_opened": _("期间开启"), "workdays.changed": _("工作日历变更"),
        "lights.checkpoint_fixed": _("正式亮灯落定"), "lights.flipped": _("正式灯变了"),
        "lights.rule_published": _("亮灯规则发布"), "lights.rule_ended": _("亮灯规则停用"), "policy.value_set": _("参数变更"),
        "reviews.analysis_written": _("偏差分析新版"), "reviews.evidence_added": _("复盘附件"),
        "reviews.meeting_proposed": _("提出开会时间"), "reviews.meeting_answered": _("答复开会时间"),
        "flows.published": _("流程发布"), "flows.cases_opened": _("流程事项开启"), "flows.task_done": _("流程步骤办完"),
        "flows.tasks_moved": _("待办转交代理人"), "flows.escalated": _("逾期上报"), "flows.step_called_in": _("流程补上一步"),
        "flows.deadlines_moved": _("期限顺延"), "flows.case_closed": _("流程事项结束"),
    }  # fmt: skip


def _house() -> dict[str, str]:
    return {
        "api.key_made": _("发出接口密钥"), "api.key_revoked": _("作废接口密钥"),
        "webhooks.subscribed": _("添加 Webhook 订阅"), "webhooks.secret_renewed": _("更换 Webhook 密钥"),
        "webhooks.subscription_ended": _("结束 Webhook 订阅"), "webhooks.sent_again": _("重发 Webhook 消息"),
        "messages.channel_stopped": _("消息渠道停止"), "messages.channel_resumed": _("消息渠道恢复"),
        "messages.retried": _("重发消息"), "messages.template_published": _("修改消息模板"),
        "outbox.tried_again": _("重试后续动作"), "schedules.asked": _("手动运行计划"), "journal.checkpoint": _("写出日志检查点"),
        "journal.verified": _("核对日志"),
    }  # fmt: skip


def kind(code: str) -> str:
    """What was done; a kind without a name shows its code."""
    return kinds().get(code, code)


def stream(code: str) -> str:
    """Which chain a line belongs to."""
    names = {
        "accounts": _("账号"), "actuals": _("数据"), "people": _("组织"), "targets": _("目标"), "metrics": _("指标"),
        "calendar": _("期间"), "workdays": _("工作日"), "lights": _("亮灯"), "policy": _("参数"), "api": _("接口"),
        "webhooks": "Webhook", "outbox": _("后续动作"), "journal": _("日志"),
        "schedules": _("自动运行"), "rules": _("亮灯规则"),
    }  # fmt: skip
    return names.get(code, code)


def label(key: str) -> str:
    """What an item of a line is called; one without a name shows its key."""
    return labels().get(key, key)


def in_order(data: dict[str, Any]) -> list[tuple[str, Any]]:
    """A line's items as one reads them: what it is about first (the database keeps no order), hashes last."""
    places = {key: n for n, key in enumerate(labels())}
    return sorted(data.items(), key=lambda item: (item[0] in HASHES, places.get(item[0], len(places))))


def labels() -> dict[str, str]:
    """Key → what it is called, in the order in which one reads them."""
    return {
        "name": _("名称"), "username": _("登录名"), "person": _("工号"), "before": _("变前"), "after": _("变后"),
        "principal": _("被代理人"), "deputy": _("代理人"),
        "from": _("从"), "to": _("到"), "start": _("开始"), "end": _("结束"), "reason": _("原因"), "key": _("键"),
        "value": _("值"), "path": _("单位"), "paths": _("单位"), "valid_from": _("生效日"), "account": _("账号编号"),
        "source": _("来源"), "approver": _("批准人"), "owner": _("负责账号"), "scopes": _("权限"), "expires": _("有效期至"),
        "per_minute": _("每分钟请求"), "file": _("文件"), "batch": _("批次"), "files": _("文件数"), "mapping": _("映射"),
        "stream": _("数据种类"), "as_of": _("截至"), "rows": _("行数"), "refused": _("被拒绝"),
        "rows_read": _("读到"), "booked": _("新入账"),
        "unchanged": _("未变"), "superseded": _("更正"), "left_out": _("略过"), "quarantined": _("隔离"),
        "suspected": _("疑似重复"), "repeated": _("重复送达"), "daily_changed": _("改变的每日数"), "root": _("各行的根哈希"),
        "merkle_root": _("各行的根哈希"), "sha256": _("文件哈希"), "digest": _("内容哈希"), "period": _("期间"),
        "facts_as_of": _("依据批次"), "calendar_version": _("日历版本"), "policy": _("参数"),
        "flips": _("变灯"), "way": _("方式"), "letter": _("信件"), "sittings": _("设备数"), "accounts": _("账号数"),
        "run": _("评估编号"), "target": _("目标编号"), "metric": _("指标"),
        "versions": _("目标版本数"), "book": _("口径"), "metrics": _("指标"), "upload": _("文件编号"), "size": _("字节"),
        "job": _("任务"), "kind": _("种类"), "undoes": _("撤销批次"), "lines": _("行"), "returned": _("恢复"),
        "days": _("天数"), "version": _("版本"), "subscription": _("订阅编号"), "url": _("地址"), "events": _("事件"),
        "event_id": _("消息编号"), "left": _("未送出"), "entries": _("日志行数"), "streams": _("链数"), "of": _("对象"),
        "broken": _("不符"), "doubtful": _("需留意"), "verification": _("核对编号"), "into": _("进入批次"),
        "verdict": _("判断"), "suspect": _("疑似重复编号"), "line": _("行"), "reversal": _("冲销"), "reverses": _("被冲销的行"),
        "since": _("自"), "pending": _("动作编号"), "factor": _("验证方式"), "lines_of": _("行来自批次"), "in_force": _("仍有效"),
    }  # fmt: skip


def value(said: Any) -> str:
    """An item as one reads it."""
    if said is None or said == "":
        return "–"
    if isinstance(said, bool):
        return _("是") if said else _("否")
    if isinstance(said, list):
        return _("、").join(map(value, said)) or "–"
    if isinstance(said, dict):
        return _("，").join(f"{label(k)} {value(v)}" for k, v in said.items()) or "–"
    return lamps.word(said) if said in lamps.SHAPES else str(said)


def actor(code: str, names: dict[str, str]) -> str:
    """Who did it: a person by name, a program by its key, the house itself by its part."""
    if code in names:
        return names[code]
    if code.startswith(SYSTEM):
        return _("系统（%(part)s）") % {"part": code.removeprefix(SYSTEM)}
    return _("密钥 %(key)s") % {"key": code.removeprefix("key:")} if code.startswith("key:") else code


def finding(code: str) -> str:
    """What a verification stumbled over."""
    names = {
        "altered": _("内容与哈希不符：这一行写下之后被改动过"), "gap": _("缺行：前面的行不见了"),
        "fork": _("分叉：不接在前一行之后"), "bad_head": _("链尾与登记的不符：末尾的行被删除或添加过"),
        "no_head": _("没有登记链尾"), "lost_stream": _("整条链不见了"), "back_dated": _("时间早于前一行：请查看服务器时钟"),
    }  # fmt: skip
    return names.get(code, code)
