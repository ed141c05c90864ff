"""DingTalk 钉钉: signing on (in a browser by allauth's client, silently inside its own), work notices, to-dos, the group robot.

Two hosts: the old one (oapi) answers 200 with an error code inside, the new one (api) uses the statuses of HTTP.
"""
