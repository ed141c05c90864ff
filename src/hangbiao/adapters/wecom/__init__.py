"""WeCom 企业微信: so far signing on, by scanning in a browser and silently inside its client.

Speaks to qyapi.weixin.qq.com; allauth has no such provider. Numbers of errors and lengths of codes as its documents say.
"""
