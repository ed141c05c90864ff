"""All the fakes together: one clock, one ledger, a port for each service."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from tests.fakes.callbacks import Answered
from tests.fakes.clock import Clock
from tests.fakes.dingtalk_todos import DingTalkApp
from tests.fakes.feishu_presses import FeishuApp
from tests.fakes.ledger import Ledger, Seen
from tests.fakes.serving import serving
from tests.fakes.smtp import MailServer, mail_server
from tests.fakes.vendor import Vendor
from tests.fakes.wecom_presses import WeComApp

__all__ = ["DingTalkApp", "FeishuApp", "House", "WeComApp", "running_house"]


@dataclass
class House:
    """What a test holds in its hand."""

    clock: Clock
    ledger: Ledger
    wecom: WeComApp
    dingtalk: DingTalkApp
    feishu: FeishuApp
    mail: MailServer = field(default_factory=lambda: MailServer(0))

    @property
    def messengers(self) -> dict[str, Vendor]:
        return {"wecom": self.wecom, "dingtalk": self.dingtalk, "feishu": self.feishu}

    def call_back_to(self, web: str) -> None:
        """Where our web server is: buttons of cards are pressed towards it."""
        self.wecom.callbacks.url = f"{web.rstrip('/')}/callbacks/wecom/"
        self.feishu.callbacks.url = f"{web.rstrip('/')}/callbacks/feishu/"

    def press(self, seen: Seen, key: str) -> list[Answered]:
        """Somebody presses a button of a card, and sees whether that did anything."""
        seen.pressed = seen.presses.get(key, "")
        if seen.vendor == "wecom":
            answers = self.wecom.press(seen, key)
        else:
            answers = self.feishu.press(seen, json.loads(key), self.feishu.whose("user_id", seen.person))
        seen.deaf = not any(answer.status == 200 for answer in answers)
        return answers

    def environment(self) -> dict[str, str]:
        """With these variables the product finds the services here."""
        wecom, ding, feishu = self.wecom, self.dingtalk, self.feishu
        return {
            "HANGBIAO_CHANNELS": "wecom,dingtalk,feishu,mail,wecom_robot,dingtalk_robot,feishu_robot",
            "HANGBIAO_WECOM_CORP": wecom.corp, "HANGBIAO_WECOM_AGENT": wecom.agent, "HANGBIAO_WECOM_SECRET": wecom.secret,
            "HANGBIAO_WECOM_HOST": wecom.at["qyapi.weixin.qq.com"],
            "HANGBIAO_WECOM_CALLBACK_TOKEN": wecom.callback_token, "HANGBIAO_WECOM_CALLBACK_AES": wecom.aes_key,
            "HANGBIAO_WECOM_ROBOT_KEY": next(iter(wecom.robots)), "HANGBIAO_WECOM_ROBOT_HOST": wecom.at["qyapi.weixin.qq.com"],
            "HANGBIAO_DINGTALK_AGENT": str(ding.agent_id), "HANGBIAO_DINGTALK_CLIENT": ding.key,
            "HANGBIAO_DINGTALK_SECRET": ding.secret, "HANGBIAO_DINGTALK_OLD_HOST": ding.at["oapi.dingtalk.com"],
            "HANGBIAO_DINGTALK_HOST": ding.at["api.dingtalk.com"], "HANGBIAO_DINGTALK_CORP": ding.corp,
            "HANGBIAO_DINGTALK_ROBOT_TOKEN": next(iter(ding.robots)),
            "HANGBIAO_DINGTALK_ROBOT_SECRET": next(iter(ding.robots.values())).secret,
            "HANGBIAO_DINGTALK_ROBOT_HOST": ding.at["oapi.dingtalk.com"],
            "HANGBIAO_FEISHU_CLIENT": feishu.client, "HANGBIAO_FEISHU_SECRET": feishu.secret,
            "HANGBIAO_FEISHU_TENANT": feishu.tenant, "HANGBIAO_FEISHU_HOST": feishu.at["open.feishu.cn"],
            "HANGBIAO_FEISHU_ID_TYPE": "user_id", "HANGBIAO_FEISHU_CALLBACK_TOKEN": feishu.verification,
            "HANGBIAO_FEISHU_CALLBACK_ENCRYPT": feishu.encrypt_key,
            "HANGBIAO_FEISHU_ROBOT_TOKEN": next(iter(feishu.hooks)),
            "HANGBIAO_FEISHU_ROBOT_SECRET": next(iter(feishu.hooks.values())).secret,
            "HANGBIAO_FEISHU_ROBOT_HOST": feishu.at["open.feishu.cn"],
            "HANGBIAO_MAIL_HOST": "127.0.0.1", "HANGBIAO_MAIL_PORT": str(self.mail.port), "HANGBIAO_MAIL_SECURITY": "none",
        }  # fmt: skip

    def mend(self) -> None:
        for vendor in self.messengers.values():
            vendor.mend()
        self.mail.fail("")


@contextmanager
def running_house(clock: Clock | None = None, *, everybody: bool = True) -> Iterator[House]:
    """Every service on a free port. `everybody`: whoever is named is a member, unless a test says otherwise."""
    shared = {"clock": clock or Clock(), "ledger": Ledger()}
    house = House(
        **shared, wecom=WeComApp(**shared, everybody=everybody), dingtalk=DingTalkApp(**shared, everybody=everybody),
        feishu=FeishuApp(**shared, everybody=everybody),
    )  # fmt: skip
    with ExitStack() as until:
        for vendor in house.messengers.values():
            until.enter_context(serving(vendor))
        house.mail = until.enter_context(mail_server(ledger=house.ledger, clock=house.clock))
        yield house
