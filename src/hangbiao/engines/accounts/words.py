"""How pages name a device and a way of signing in."""

from django.utils.translation import gettext as _


def device(code: str) -> str:
    """ "chrome windows" → Chrome · Windows."""
    names = {
        "wecom": _("企业微信"), "dingtalk": _("钉钉"), "feishu": _("飞书"), "wechat": _("微信"), "edge": "Edge",
        "firefox": "Firefox", "chrome": "Chrome", "safari": "Safari", "harmony": "HarmonyOS", "android": "Android",
        "iphone": "iPhone", "ipad": "iPad", "windows": "Windows", "mac": "macOS", "linux": "Linux",
    }  # fmt: skip
    return " · ".join(names[part] for part in code.split() if part in names) or _("未知设备")


def way(code: str) -> str:
    """What an account was known by."""
    names = {
        "password": _("密码"),
        "letter": _("邮件链接"),
        "demo list": _("演示名单"),
        "passkey": _("通行密钥"),
        "wecom": _("企业微信"),
        "dingtalk": _("钉钉"),
        "feishu": _("飞书"),
        "oidc": _("单点登录"),
    }
    return names.get(code, code)
