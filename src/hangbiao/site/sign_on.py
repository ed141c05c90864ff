"""Which sign-on services this installation has, from the environment. A service half set up is said at start."""

import os
from collections.abc import Callable

SERVICES = {
    "wecom": ("hangbiao.adapters.wecom.signon.WeCom", "WECOM", ("corp", "agent"), ()),
    "dingtalk": ("hangbiao.adapters.dingtalk.signon.DingTalk", "DINGTALK", ("corp", "client"), ()),
    "feishu": ("hangbiao.adapters.feishu.signon.Feishu", "FEISHU", ("client", "tenant"), ()),
    "oidc": ("hangbiao.adapters.oidc.signon.OpenIdConnect", "OIDC", ("url", "client"), ("employee_claim",)),
}


def services(secret_of: Callable[[str], str]) -> dict[str, dict[str, str]]:
    """Way → adapter and what it needs, for settings.SIGN_ON. `secret_of` reads a secret by its variable's name."""
    found: dict[str, dict[str, str]] = {}
    for way, (adapter, prefix, needed, optional) in SERVICES.items():
        names = {key: f"HANGBIAO_{prefix}_{key.upper()}" for key in (*needed, *optional)}
        given = {key: os.environ[name] for key, name in names.items() if os.environ.get(name)}
        secret = secret_of(f"HANGBIAO_{prefix}_SECRET")
        if not given and not secret:
            continue
        missing = [names[key] for key in needed if key not in given]
        missing += [] if secret else [f"HANGBIAO_{prefix}_SECRET"]
        if missing:
            raise ValueError(f"sign-on by {way} needs {', '.join(missing)}")
        found[way] = {"adapter": adapter, "secret": secret, **given}
    return found
