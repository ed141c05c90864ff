"""All the fakes together: one clock, one ledger, a port for each service."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from tests.fakes.clock import Clock
from tests.fakes.dingtalk_todos import DingTalkApp
from tests.fakes.feishu_presses import FeishuApp
from tests.fakes.ledger import Ledger
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
