"""The administrator reads what a messenger's code means and what to do, in both languages."""

import pytest

from hangbiao.engines.notify import channels
from hangbiao.engines.notify.models import Message
from hangbiao.engines.notify.ports import Refused, Trouble
from tests.engines.notify.world import CLOCK
from tests.rooms.desk.test_messages_of_a_checkpoint import company, founded
from tests.world.board import AT
from tests.world.pages import seen_by, text_of

__all__ = ["company", "founded"]
pytestmark = pytest.mark.django_db
WECOM = {"adapter": "hangbiao.adapters.wecom.messages.WeCom", "options": {"corp": "ww1", "agent": "1", "secret": "s"}}


@pytest.fixture
def admin(company, settings):
    settings.CHANNELS = {"wecom": WECOM}
    return seen_by("adm", AT)


def in_trouble(code, trouble="recipient", most=2):
    some = Message.objects.filter(account__isnull=False).values_list("pk", flat=True)[:most]
    Message.objects.filter(pk__in=list(some)).update(state="dead", trouble=trouble, code=code, channel="wecom")
    return Message.objects.filter(code=code).first()


def test_a_class_of_trouble_lists_the_codes_with_their_words(admin):
    message = in_trouble("81013")

    overview, one = text_of(admin.get("/studio/messages/")), text_of(admin.get(f"/studio/messages/{message.number}/"))

    for page in (overview, one):
        assert "收件人无效，或不在应用的可见范围。" in page
        assert "请在企业微信通讯录核对此人的账号" in page
    assert "企业微信 81013 （2）" in overview


def test_a_stopped_channel_says_which_address_is_not_trusted(admin):
    channels.failed("wecom", Refused(Trouble.CONFIG, code="60020", said="from ip: 127.0.0.1"), wall=CLOCK["wall"], at=AT)

    assert "可信 IP" in text_of(admin.get("/studio/messages/"))
    admin.cookies["hb_language"] = "en"
    assert "Add the address under 企业可信IP" in text_of(admin.get("/studio/messages/", headers={"Accept-Language": "en"}))


def test_an_unknown_code_and_what_is_our_own_are_told_too(admin):
    assert "未收录的代码 987654" in text_of(admin.get(f"/studio/messages/{in_trouble('987654', most=1).number}/"))
    assert "没有收到回答" in text_of(admin.get(f"/studio/messages/{in_trouble('cut', 'unknown', most=1).number}/"))
