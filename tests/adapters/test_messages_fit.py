"""What goes out: cut in bytes between characters, with its key, the same bytes every time, without the mark-up of others."""

import dataclasses
import json
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hangbiao.adapters.dingtalk.messages import DingTalk
from hangbiao.adapters.dingtalk.robot import DingTalkRobot
from hangbiao.adapters.dingtalk.robot import signature as dingtalk_signature
from hangbiao.adapters.feishu.messages import Feishu
from hangbiao.adapters.feishu.robot import FeishuRobot
from hangbiao.adapters.feishu.robot import signature as feishu_signature
from hangbiao.adapters.mail.messages import Mail
from hangbiao.adapters.wecom.messages import WeCom
from hangbiao.adapters.wecom.robot import WeComRobot
from hangbiao.engines.notify.ports import Outgoing, Refused, Trouble

ALERT = Outgoing(
    key="HB-2026Q3-W4-0123", to="lisi", title="红灯预警", body="请在五个工作日内完成三方复盘。", button="去处理",
    url="https://hb.example.com/reviews/123/", light="red",
)  # fmt: skip
FIELDS = dataclasses.replace(ALERT, body="完成率：**46%**\n目标：¥1,200,000\n截止：5 个工作日\n请先看偏差分析。")
TASK = dataclasses.replace(FIELDS, todo=True, due=datetime(2026, 11, 30, 16, 0, tzinfo=UTC))
SUMS = dataclasses.replace(FIELDS, to="")
WECOM = WeCom(corp="ww1", agent="1000002", secret="s")
ANSWERED = WeCom(corp="ww1", agent="1000002", secret="s", buttons=True)
DING, NOTICES = (DingTalk(agent="123", client="k", secret="s", todos=todos) for todos in (True, False))
FEISHU = Feishu(client="cli_1", secret="s", buttons=True)
MAIL = Mail()
PEOPLE = [WECOM, ANSWERED, DING, NOTICES, FEISHU, MAIL]
GROUPS = [WeComRobot(key="k"), DingTalkRobot(token="t"), FeishuRobot(token="t")]


def inside(parcel):
    return json.loads(parcel.body)


def test_a_single_message_is_a_text_card_byte_for_byte():
    assert WECOM.compose(ALERT).body.decode() == (
        '{"agentid":1000002,"duplicate_check_interval":14400,"enable_duplicate_check":1,"msgtype":"textcard","textcard":'
        '{"btntxt":"去处理","description":"<div class=\\"normal\\">请在五个工作日内完成三方复盘。</div>'
        '<div class=\\"gray\\">编号 HB-2026Q3-W4-0123</div>","title":"红灯预警","url":"https://hb.example.com/reviews/123/"},'
        '"touser":"lisi"}'
    )


def test_lines_with_labels_become_a_template_card_whose_bold_value_stands_out():
    card = inside(WECOM.compose(FIELDS))["template_card"]

    assert card["card_type"] == "text_notice"
    assert card["emphasis_content"] == {"title": "46%", "desc": "完成率"}
    assert [one["keyname"] for one in card["horizontal_content_list"]] == ["目标", "截止"]
    assert card["main_title"] == {"title": "红灯预警", "desc": "编号 HB-2026Q3-W4-0123 请先看偏差分析。"}


def test_what_a_template_card_would_cut_goes_out_as_a_text_card_when_that_holds_it():
    names = dataclasses.replace(ALERT, body="红灯：" + "、".join(["云雀儿"] * 12))

    assert (WECOM.compose(names).kind, WECOM.compose(names).shortened) == ("textcard", False)


def test_a_task_card_answers_only_where_the_callback_is_set_up():
    assert WECOM.compose(TASK).kind == "template_card"
    card = inside(ANSWERED.compose(TASK))["template_card"]
    assert (card["card_type"], card["task_id"]) == ("button_interaction", TASK.key)


def test_what_is_to_be_done_is_a_to_do_in_dingtalk_known_by_its_key():
    told = inside(DING.compose(TASK))

    assert told["sourceId"] == "hangbiao-HB-2026Q3-W4-0123"
    assert told["dueTime"] == 1_796_054_400_000
    assert told["priority"] == 40
    assert NOTICES.compose(TASK).kind == "action_card"


def test_feishus_card_has_the_lights_colour_and_its_key():
    told = inside(FEISHU.compose(TASK))
    card = json.loads(told["content"])

    assert told["uuid"] == TASK.key
    assert card["header"]["template"] == "red"
    assert card["elements"][-1]["actions"][1]["value"] == {"action": "ack", "id": TASK.key}


def test_an_address_or_an_hour_is_no_label():
    plain = dataclasses.replace(ALERT, body="https://hb.example.com/x\n08:00 之前")

    assert WECOM.compose(plain).kind == "textcard"


@pytest.mark.parametrize("channel", PEOPLE, ids=lambda one: one.name)
def test_the_key_is_seen_once_and_composing_again_gives_the_same_bytes(channel, settings):
    settings.WALL_CLOCK = "tests.world.board.now"
    known = dataclasses.replace(TASK, body=f"编号 {TASK.key}\n{TASK.body}", to="lisi@example.com")
    for message in (known, dataclasses.replace(TASK, to="lisi@example.com")):
        parcel = channel.compose(message)

        assert channel.compose(message).body == parcel.body
        if channel is not MAIL:
            shown = parcel.body.decode().replace(f'"task_id":"{TASK.key}"', "").replace(f'"uuid":"{TASK.key}"', "")
            shown = shown.replace(f'"sourceId":"hangbiao-{TASK.key}"', "").replace(f'\\"id\\":\\"{TASK.key}\\"', "")
            assert shown.count(TASK.key) == 1


def sizes(parcel):
    """(what is counted, how much of it the vendor takes)."""
    told = inside(parcel)
    if "touser" in told and parcel.kind == "textcard":
        yield told["textcard"]["description"], 512
        yield told["textcard"]["title"], 128
    if parcel.kind == "todo":
        yield told["description"], 4096
        yield told["subject"], 1024
    if parcel.kind == "action_card":
        yield json.dumps(told["msg"], ensure_ascii=False), 2048
    if parcel.kind == "card":
        yield told.get("content") or json.dumps(told["card"], ensure_ascii=False, separators=(",", ":")), 30_000
    if parcel.kind == "actionCard":
        yield json.dumps(told, ensure_ascii=False, separators=(",", ":")), 20_000
    if parcel.kind == "markdown":
        yield told["markdown"]["content"], 4096


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from('红灯ä€𠮷a<&"*\n：:\\'), max_size=400), st.sampled_from([1, 7, 60]))
def test_whatever_the_text_nothing_is_longer_than_the_vendor_takes(text, times):
    for channel in [*PEOPLE[:-1], *GROUPS]:
        for todo in (True, False):
            group = channel in GROUPS
            to = "" if group else "u"
            message = dataclasses.replace(ALERT, title=f"红{text}", body=text * times, todo=todo and not group, to=to)
            parcel = channel.compose(message)
            for counted, most in sizes(parcel):
                assert len(counted.encode()) <= most
            assert parcel.shortened or "…" not in parcel.body.decode()


def test_a_long_body_says_that_it_was_cut_and_keeps_the_key():
    long = dataclasses.replace(ALERT, body="这一行有三个字节一个的字。\n" * 200)

    parcel = WECOM.compose(long)
    said = inside(parcel)["textcard"]["description"]

    assert parcel.shortened
    assert 480 < len(said.encode()) <= 512
    assert "…</div>" in said
    assert said.endswith('<div class="gray">编号 HB-2026Q3-W4-0123</div>')


def test_a_bold_that_is_cut_in_two_leaves_no_stars():
    parcel = NOTICES.compose(dataclasses.replace(ALERT, body=f"**{'重' * 2000}**"))

    assert "*" not in inside(parcel)["msg"]["action_card"]["markdown"]


def markdown_in(told):
    """The texts in which a messenger looks for mark-up."""
    if isinstance(told, list):
        return [text for one in told for text in markdown_in(one)]
    if not isinstance(told, dict):
        return []
    if told.get("tag") == "lark_md":
        return [told["content"]]
    card = [json.loads(told["content"])] if str(told.get("content", "")).startswith("{") else []
    own = [told[name] for name in ("markdown", "text") if isinstance(told.get(name), str)]
    own += [told["markdown"]["content"]] if isinstance(told.get("markdown"), dict) else []
    return own + markdown_in(card) + [text for one in told.values() for text in markdown_in(one)]


def test_names_cannot_make_links_tags_or_call_everybody():
    nasty = "[点这里](https://x.invalid)<at id=all></at><@all>`x`"
    sums = dataclasses.replace(SUMS, title=nasty, body=f"{nasty}\n组：{nasty}")
    personal = dataclasses.replace(ALERT, title=nasty, body=nasty)

    for parcel in [c.compose(sums) for c in GROUPS] + [c.compose(personal) for c in (NOTICES, FEISHU)]:
        for text in markdown_in(inside(parcel)):
            assert not {"[点", "<at", "<@", "`"} & {text[n : n + k] for n in range(len(text)) for k in (1, 2, 3)}
    assert "&lt;at id=all&gt;" in WECOM.compose(personal).body.decode()
    mail = message_from_bytes(MAIL.compose(dataclasses.replace(personal, to="li@example.com")).body, policy=policy.default)
    assert "<at id" not in mail.get_body(("html",)).get_content()


@pytest.mark.parametrize("robot", GROUPS, ids=lambda one: one.name)
@pytest.mark.parametrize("message", [FIELDS, dataclasses.replace(TASK, to="")], ids=["one person's", "a task"])
def test_a_group_hears_nothing_that_is_about_one_person(robot, message):
    with pytest.raises(Refused) as refused:
        robot.compose(message)

    assert (refused.value.trouble, refused.value.code) == (Trouble.CONTENT, "personal")


@pytest.mark.parametrize(
    ("change", "code"),
    [({"url": "/reviews/1/"}, "bad_url"), ({"url": "https://x/" + "y" * 3000}, "bad_url"), ({"title": " "}, "empty")],
)
def test_what_no_cutting_mends_is_refused_before_it_is_sent(change, code):
    for channel in PEOPLE:
        with pytest.raises(Refused) as refused:
            channel.compose(dataclasses.replace(ALERT, to="li@example.com", **change))

        assert (refused.value.trouble, refused.value.code) == (Trouble.CONTENT, code)


def test_the_robots_signatures_are_what_openssl_computes():
    """printf '1599360473\\nSECdemo' as key over nothing, and '1577262236757\\nSECdemo' under SECdemo: openssl dgst -hmac."""
    assert feishu_signature("SECdemo", 1_599_360_473) == "UNvK0aHeWrPUMl0ySOUpIoYdvBDU1mnjgkbX5JtMxkk="
    assert dingtalk_signature("SECdemo", 1_577_262_236_757) == "sLRlUUvzoOXn5DR/+o+s6tOqX+bWe3JGaZ7JQ7844l8="


@pytest.mark.parametrize("channel", [*PEOPLE, *GROUPS], ids=lambda one: one.name)
def test_an_unknown_code_is_still_explained(channel):
    what, remedy = channel.explain("987654")

    assert "987654" in what
    assert remedy
    assert all(channel.explain("timeout"))
