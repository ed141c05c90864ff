"""DingTalk 钉钉: so far signing on, in a browser (by allauth's client) and silently inside its client.

Two hosts: the old one (oapi) answers 200 with an error code inside, the new one (api) uses the statuses of HTTP.
"""
