"""WeCom's group robot: sums for a group, never one person's figures. Its key is all there is of a secret.

It does not de-duplicate: a send whose answer got lost may be seen twice.
"""

from django.utils.translation import gettext as _

from hangbiao.adapters.calling import call, canonical
from hangbiao.adapters.groups import Posted
from hangbiao.adapters.troubles import explained
from hangbiao.adapters.wecom.codes import CODES
from hangbiao.adapters.wecom.messages import judged
from hangbiao.adapters.wording import checked, for_a_group, harmless, lines_of, number, shortened, size
from hangbiao.engines.notify.ports import Outgoing, Parcel, Receipt

LONGEST, LONGEST_URL = 4096, 1024  # bytes
COLOURS = {"red": "warning", "yellow": "comment", "green": "info"}


class WeComRobot(Posted):
    """One robot in one group; twenty messages a minute, and a reserve."""

    name = "wecom_robot"
    per_minute = 18

    def __init__(self, *, key: str, host: str = "https://qyapi.weixin.qq.com") -> None:
        self.key, self.host = key, host

    def compose(self, message: Outgoing) -> Parcel:
        for_a_group(message)
        checked(message, longest_url=LONGEST_URL)
        body, less = shortened(message.body, lambda text: size(_markdown(message, text)) <= LONGEST)
        said = {"msgtype": "markdown", "markdown": {"content": _markdown(message, body)}}
        return Parcel("markdown", canonical(said), less)

    def send(self, parcel: Parcel, *, to: str) -> Receipt:
        judged(call("POST", f"{self.host}/cgi-bin/webhook/send", params={"key": self.key}, body=parcel.body))
        return Receipt(parcel.kind, {})

    def explain(self, code: str) -> tuple[str, str]:
        return explained(CODES, code)


def _markdown(message: Outgoing, body: str) -> str:
    colour = COLOURS.get(message.light)
    title = harmless(message.title)
    rows = [f'### <font color="{colour}">{title}</font>' if colour else f"### {title}"]
    for line in lines_of(body):
        text = harmless(line.text)
        rows.append(f"> {harmless(line.label)}：{text}" if line.label else text)  # zh: a colon
    small = number(message)
    rows += [f'<font color="comment">{small}</font>'] if small else []
    return "\n".join([*rows, f"[{harmless(message.button) or _('查看')}]({message.url})"])
