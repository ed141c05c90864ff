"""People who can be reached by two recording channels. Imports are late: Django is not there yet when this is read."""

from datetime import time

import pytest


@pytest.fixture
def house(db, everything, settings):
    from hangbiao.core.quiet import Quiet
    from hangbiao.engines.notify import reach
    from hangbiao.engines.notify.catalogue import Kind, Text, register
    from tests.engines.notify.recording import VENDORS, Vendor
    from tests.engines.notify.world import CLOCK, THURSDAY, Everybody, House, adapter

    settings.CLOCK, settings.WALL_CLOCK = "tests.engines.notify.world.now", "tests.engines.notify.world.wall"
    settings.CHANNELS = {"chat": adapter("chat"), "mail": adapter("mail")}
    settings.PUBLIC_URL = "https://hb.example.invalid"
    CLOCK.update(now=THURSDAY, wall=THURSDAY)
    VENDORS.clear()
    VENDORS.update({name: Vendor() for name in ("chat", "mail", "chat_robot")})
    register(
        Kind("test.told", "试", lambda facts: {"who": str(facts["who"])}, Text("{who}：红灯", "看看差在哪里。", "去看"),
             {"who": "云雀"})
    )  # fmt: skip
    before, everybody = list(reach._people), Everybody(Quiet(time(21), time(8)))
    reach.connect(everybody)
    yield House(everybody)
    reach._people[:] = before


@pytest.fixture
def accounts(db):
    from hangbiao.engines.accounts.models import Account

    return [Account.objects.create_user(f"u{n}", name=f"鸟{n}").pk for n in range(3)]
