"""WeCom's codes: only those that somebody can do something about."""

from django.utils.translation import gettext_lazy as lazy

from hangbiao.adapters.troubles import Code
from hangbiao.engines.notify.ports import Trouble

MINUTE = 60.0
SECRET = lazy("请在企业微信管理后台核对企业 ID、应用 ID 与 Secret，改好配置后恢复该渠道。")
TOKEN = lazy("系统已换取新凭证并重试一次。若仍出现，请核对应用的 Secret。")
PERSON = lazy("请在企业微信通讯录核对此人的账号，并确认在应用的可见范围内；其间改用此人的下一个渠道。")
RIGHT = lazy("请在企业微信管理后台为应用开通所需的权限与可见范围。")
SHAPE = lazy("请检查消息模板。系统不会重发同样的内容。")
SLOWER = lazy("系统会等一分钟以上再重试。")

CODES: dict[str, Code] = {
    "-1": Code(Trouble.BUSY, lazy("企业微信系统繁忙。"), lazy("系统会自动重试。")),
    "40001": Code(Trouble.CONFIG, lazy("应用的 Secret 不正确。"), SECRET),
    "40013": Code(Trouble.CONFIG, lazy("企业 ID 不正确。"), SECRET),
    "40056": Code(Trouble.CONFIG, lazy("应用 ID 不正确。"), SECRET),
    "301002": Code(Trouble.CONFIG, lazy("没有使用这个应用的权限。"), RIGHT),
    "40014": Code(Trouble.TOKEN, lazy("访问凭证无效。"), TOKEN),
    "41001": Code(Trouble.TOKEN, lazy("缺少访问凭证。"), TOKEN),
    "42001": Code(Trouble.TOKEN, lazy("访问凭证已过期。"), TOKEN),
    "40003": Code(Trouble.RECIPIENT, lazy("企业微信里没有这个账号。"), PERSON),
    "60111": Code(Trouble.RECIPIENT, lazy("企业微信里没有这个账号。"), PERSON),
    "81013": Code(Trouble.RECIPIENT, lazy("收件人无效，或不在应用的可见范围。"), PERSON),
    "82001": Code(Trouble.RECIPIENT, lazy("没有收件人。"), PERSON),
    "invaliduser": Code(Trouble.RECIPIENT, lazy("企业微信说这个账号无效，消息没有送出。"), PERSON),
    "unlicenseduser": Code(
        Trouble.RECIPIENT, lazy("此人没有企业微信的接口许可，消息没有送出。"), lazy("请在企业微信管理后台为此人分配接口许可。")
    ),
    "40008": Code(Trouble.CONTENT, lazy("消息类型不被接受。"), SHAPE),
    "40058": Code(Trouble.CONTENT, lazy("消息的某个字段不被接受。"), SHAPE),
    "44004": Code(Trouble.CONTENT, lazy("消息内容是空的。"), SHAPE),
    "45002": Code(Trouble.CONTENT, lazy("消息过长。"), SHAPE),
    "45009": Code(Trouble.RATE, lazy("调用次数超过限制。"), SLOWER, MINUTE),
    "45033": Code(Trouble.RATE, lazy("同时的调用太多。"), SLOWER, MINUTE),
    "60020": Code(
        Trouble.CONFIG, lazy("本机的出口 IP 不在应用的可信 IP 列表里。"),
        lazy("请在企业微信管理后台的“企业可信IP”里加上出口 IP，再恢复该渠道。"),
    ),
    "60011": Code(Trouble.CONFIG, lazy("应用没有管理此人的权限。"), RIGHT),
    "48002": Code(Trouble.CONFIG, lazy("应用没有调用这个接口的权限。"), RIGHT),
    "50001": Code(Trouble.CONFIG, lazy("跳转域名不是应用的可信域名。"), lazy("请在应用的网页授权里登记本系统的域名。")),
    "93000": Code(
        Trouble.CONFIG, lazy("群机器人的地址无效，或机器人已被移出群。"), lazy("请在群里重新添加机器人，并更新它的 key。")
    ),
}  # fmt: skip
