"""WeCom 企业微信: signing on, app messages and cards, the group robot, and what WeCom calls back.

Speaks to qyapi.weixin.qq.com; allauth has no such provider. Numbers of errors and lengths as its documents say.
"""
