"""The administrator's pages of messages: trouble with its remedy, channels, templates; and each reader's own deliveries."""

from datetime import timedelta

import pytest

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.journal.models import Entry
from hangbiao.engines.notify import channels, sending
from hangbiao.engines.notify.models import Attempt, ChannelState, Message, Template
from hangbiao.engines.notify.ports import Refused, Trouble
from hangbiao.rooms.desk.models import Notice
from tests.engines.notify.recording import VENDORS
from tests.engines.notify.world import CLOCK
from tests.rooms.desk.test_messages_of_a_checkpoint import company, founded
from tests.world.board import AT
from tests.world.pages import seen_by, text_of

__all__ = ["company", "founded"]
pytestmark = pytest.mark.django_db
OWN = "/studio/messages/templates/light.own_flipped/zh-hans/"


@pytest.fixture
def admin(company):
    return seen_by("adm", AT)


def in_trouble(username="p000", *, trouble="recipient", code="81013", state="dead") -> Message:
    message = Message.objects.filter(account__username=username, state="accepted").latest("pk")
    Message.objects.filter(pk=message.pk).update(state=state, trouble=trouble, code=code, said="user not found")
    return Message.objects.get(pk=message.pk)


def test_trouble_stands_by_class_with_the_vendors_code_and_the_remedy(admin):
    message = in_trouble()

    overview, one = text_of(admin.get("/studio/messages/")), text_of(admin.get(f"/studio/messages/{message.number}/"))

    assert "在这个渠道找不到这个人" in overview
    assert "请核对人员表中的账号和邮箱" in overview
    assert message.number in overview
    assert "81013" in one
    assert "user not found" in one
    assert text_of(seen_by("adm", AT).get("/inbox/")).count("1 条消息没有发出去") == 1


def test_an_administrator_never_reads_what_a_message_said(admin):
    message = in_trouble()

    html = admin.get(f"/studio/messages/{message.number}/").content.decode()

    assert "本人的正式灯" in html
    assert "红灯" not in html


def test_links_that_nobody_could_open_are_said(admin, settings):
    assert "HANGBIAO_URL" not in text_of(admin.get("/studio/messages/"))
    settings.PUBLIC_URL = ""

    assert "没有设置 HANGBIAO_URL" in text_of(admin.get("/studio/messages/"))


def test_sending_again_keeps_what_was_tried(admin):
    message = in_trouble()
    tried = Attempt.objects.filter(message=message).count()

    assert admin.post("/studio/messages/retry/recipient/").status_code == 302
    sending.pump()

    message.refresh_from_db()
    assert (message.state, message.trouble) == ("accepted", "")
    assert Attempt.objects.filter(message=message).count() == tried + 1
    assert Entry.objects.filter(kind="messages.retried").exists()


def test_a_stopped_channel_waits_for_the_administrator_who_is_told_by_another(admin):
    Account.objects.filter(username="adm").update(mail="adm@example.invalid")
    channels.failed("wecom", Refused(Trouble.CONFIG, code="60020", said="not allow to access from your ip"),
                    wall=CLOCK["wall"], at=AT)  # fmt: skip
    sending.pump()

    page = text_of(admin.get("/studio/messages/"))
    assert "60020" in page
    assert "请按对方的错误码改好配置" in page
    assert "企业微信停止发送" in text_of(admin.get("/inbox/"))
    assert Notice.objects.filter(account__username="adm", kind="channel.stopped").count() == 1
    assert VENDORS["mail"].calls[-1][0] == "adm@example.invalid"

    admin.post("/studio/messages/channels/wecom/resume/")
    assert ChannelState.objects.get(pk="wecom").stopped_at is None
    assert "正常" in text_of(admin.get("/studio/messages/"))


def test_a_trial_goes_to_oneself_by_that_channel_even_in_quiet_time(admin):
    CLOCK["now"] = AT.replace(hour=23)
    answer = admin.post("/studio/messages/channels/wecom/try/")
    sending.pump()
    CLOCK["now"] = AT.replace(minute=7)

    message = Message.objects.get(number=answer["Location"].split("/")[3])
    assert (message.state, message.channel, message.account.username) == ("accepted", "wecom", "adm")
    assert admin.post("/studio/messages/channels/wecom_robot/try/").status_code == 404
    assert admin.post("/studio/messages/channels/pigeon/try/").status_code == 404


def test_a_template_with_an_unknown_field_is_refused_at_its_place(admin):
    said = {"title": "灯", "body": "到 {day}，\n你好 {lihgt}", "button": "看 {"}

    shown = text_of(admin.post(OWN, said))
    fragment = text_of(admin.post(f"{OWN}preview/", said))

    for text in (shown, fragment):
        assert "第 2 行第 4 个字：{lihgt}：没有这个字段，是否想写 {light}？" in text
        assert "第 1 行第 3 个字：多了一个 {。" in text
    assert not Template.objects.exists()


def test_the_preview_is_filled_in_and_measured_for_each_channel(admin):
    text = text_of(admin.post(f"{OWN}preview/", {"title": "{light} {number}", "body": "**{change}**", "button": "去看"}))

    assert "红灯 HB-2026Q4-W8-0123" in text
    assert f"标题 {len('红灯 HB-2026Q4-W8-0123'.encode())} 字节" in text
    assert "企业微信：放得下" in text
    assert "群机器人" not in text


def test_a_text_is_measured_by_the_real_channels(admin, settings):
    adapters = {"wecom": ("wecom.messages.WeCom", {"corp": "c", "agent": "1", "secret": "s"}), "mail": ("mail.messages.Mail", {})}
    settings.CHANNELS = {
        name: {"adapter": f"hangbiao.adapters.{adapter}", "options": options} for name, (adapter, options) in adapters.items()
    }
    short, long = ({"title": "{light}", "body": "好" * n, "button": "看"} for n in (10, 1000))

    assert text_of(admin.post(f"{OWN}preview/", short)).count("放得下") == 2
    seen = text_of(admin.post(f"{OWN}preview/", long))
    assert "企业微信：会被截短" in seen
    assert "邮件：放得下" in seen


def test_a_published_template_is_a_version_and_what_is_sent_from_then_on(admin):
    said = {"title": "{light}了", "body": "{change}。", "button": "去看"}
    for _ in range(2):
        assert admin.post(OWN, said).status_code == 302
    assert admin.post(OWN, {**said, "title": "{light}来了"}).status_code == 302

    assert list(Template.objects.order_by("version").values_list("version", "title")) == [(1, "{light}了"), (2, "{light}来了")]
    assert Entry.objects.filter(kind="messages.template_published").count() == 2
    message = in_trouble()
    admin.post(f"/studio/messages/{message.number}/retry/")
    sending.pump()
    import json

    assert json.loads(VENDORS["wecom"].calls[-1][1])["title"].startswith("红灯来了")


def test_everybody_sees_what_became_of_their_own_messages(company):
    assert "已发到企业微信" in text_of(seen_by("p000", AT).get("/notifications/"))
    in_trouble("p000")
    assert "没能发到站外" in text_of(seen_by("p000", AT).get("/notifications/"))
    assert AT - timedelta(days=1) < AT


def test_to_others_these_pages_do_not_exist(company):
    for username in ("p000", "m0", "x1", "h0"):
        for address in ("/studio/messages/", OWN, "/studio/messages/templates/"):
            assert seen_by(username, AT).get(address).status_code == 404
