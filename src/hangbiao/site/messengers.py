"""Which ways out this installation has for its messages, from the environment. One half set up is said at start.

HANGBIAO_CHANNELS names them, the preferred first: `wecom,mail`. Their apps are those that people sign on by.
"""

import os
from collections.abc import Callable
from typing import Any

ADAPTERS = "hangbiao.adapters"
# name → adapter, prefix of its variables, what it needs, what it may have, its secret (the last one may be left out)
CHANNELS: dict[str, tuple[str, str, tuple[str, ...], tuple[str, ...], str]] = {
    "wecom": ("wecom.messages.WeCom", "WECOM", ("corp", "agent"), ("host",), "secret"),
    "dingtalk": ("dingtalk.messages.DingTalk", "DINGTALK", ("agent", "client"), ("host", "old_host"), "secret"),
    "feishu": ("feishu.messages.Feishu", "FEISHU", ("client",), ("host", "id_type"), "secret"),
    "mail": ("mail.messages.Mail", "MAIL", (), (), ""),
    "wecom_robot": ("wecom.robot.WeComRobot", "WECOM_ROBOT", (), ("host",), "key"),
    "dingtalk_robot": ("dingtalk.robot.DingTalkRobot", "DINGTALK_ROBOT", (), ("host",), "token"),
    "feishu_robot": ("feishu.robot.FeishuRobot", "FEISHU_ROBOT", (), ("host",), "token"),
}
SIGNED = {"dingtalk_robot", "feishu_robot"}  # these may have a secret beside their token
CALLBACKS = {
    "wecom": ("wecom.callback.WeComCallback", "WECOM", "corp", "aes"),
    "feishu": ("feishu.callback.FeishuCallback", "FEISHU", "client", "encrypt"),
}
Secret = Callable[[str], str]


def channels(secret_of: Secret) -> dict[str, dict[str, Any]]:
    """Name → adapter and its options, for settings.CHANNELS, in the order of preference."""
    wanted = [name.strip() for name in os.environ.get("HANGBIAO_CHANNELS", "").split(",") if name.strip()]
    unknown = [name for name in wanted if name not in CHANNELS]
    if unknown:
        raise ValueError(f"HANGBIAO_CHANNELS: no channel {', '.join(unknown)}; there are {', '.join(CHANNELS)}")
    return {name: _channel(name, secret_of) for name in wanted}


def _channel(name: str, secret_of: Secret) -> dict[str, Any]:
    adapter, prefix, needed, optional, secret = CHANNELS[name]
    options: dict[str, Any] = {
        key: os.environ[_name(prefix, key)] for key in (*needed, *optional) if os.environ.get(_name(prefix, key))
    }
    missing = [_name(prefix, key) for key in needed if key not in options]
    if secret:
        options[secret] = secret_of(_name(prefix, secret))
        missing += [] if options[secret] else [_name(prefix, secret)]
    if missing:
        raise ValueError(f"messages by {name} need {', '.join(missing)}")
    if name in SIGNED and secret_of(_name(prefix, "secret")):
        options["secret"] = secret_of(_name(prefix, "secret"))
    if not options.get("agent", "0").isdecimal():
        raise ValueError(f"{_name(prefix, 'agent')} is a number, not {options['agent']!r}")
    if name in CALLBACKS:
        options["buttons"] = name in callbacks(secret_of)
    if name == "dingtalk":
        options["todos"] = os.environ.get("HANGBIAO_DINGTALK_TODOS", "1") not in {"0", "false", "no"}
    return {"adapter": f"{ADAPTERS}.{adapter}", "options": options}


def callbacks(secret_of: Secret) -> dict[str, dict[str, Any]]:
    """Messenger → adapter and its options, for settings.CALLBACKS."""
    found: dict[str, dict[str, Any]] = {}
    for name, (adapter, prefix, who, key) in CALLBACKS.items():
        token, sealing = _name(prefix, "callback_token"), _name(prefix, f"callback_{key}")
        options = {"token": secret_of(token), key: secret_of(sealing), who: os.environ.get(_name(prefix, who), "")}
        if not options["token"] and not options[key]:
            continue
        names = {"token": token, key: sealing, who: _name(prefix, who)}
        missing = [names[option] for option, value in options.items() if not value]
        if missing:
            raise ValueError(f"callbacks of {name} need {', '.join(missing)}")
        found[name] = {"adapter": f"{ADAPTERS}.{adapter}", "options": options}
    return found


def _name(prefix: str, key: str) -> str:
    return f"HANGBIAO_{prefix}_{key.upper()}"
