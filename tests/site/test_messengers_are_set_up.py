"""Channels come from the environment: in the order of preference, with what each needs, and one half set up stops the start."""

import pytest

from hangbiao.site import messengers

WECOM = {"HANGBIAO_WECOM_CORP": "ww1", "HANGBIAO_WECOM_AGENT": "1000002", "HANGBIAO_WECOM_SECRET": "s"}
CALLED = {"HANGBIAO_WECOM_CALLBACK_TOKEN": "t", "HANGBIAO_WECOM_CALLBACK_AES": "a" * 43}


def read(monkeypatch, **given):
    for name in ("WECOM_CORP", "WECOM_AGENT", "WECOM_SECRET", "CHANNELS", "DINGTALK_TODOS"):
        monkeypatch.delenv(f"HANGBIAO_{name}", raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    secret = lambda name: given.get(name, "")
    return messengers.channels(secret), messengers.callbacks(secret)


def test_without_a_word_nothing_leaves_the_house(monkeypatch):
    assert read(monkeypatch, **WECOM) == ({}, {})


def test_the_order_is_that_of_preference_and_a_callback_brings_buttons(monkeypatch):
    found, callbacks = read(monkeypatch, HANGBIAO_CHANNELS="mail, wecom", **WECOM, **CALLED)

    assert list(found) == ["mail", "wecom"]
    assert found["wecom"]["options"] == {"corp": "ww1", "agent": "1000002", "secret": "s", "buttons": True}
    assert callbacks["wecom"]["options"] == {"corp": "ww1", "token": "t", "aes": "a" * 43}


def test_a_robot_may_have_a_secret_beside_its_token(monkeypatch):
    given = {"HANGBIAO_CHANNELS": "dingtalk_robot", "HANGBIAO_DINGTALK_ROBOT_TOKEN": "t", "HANGBIAO_DINGTALK_ROBOT_SECRET": "SEC"}

    assert read(monkeypatch, **given)[0]["dingtalk_robot"]["options"] == {"token": "t", "secret": "SEC"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"HANGBIAO_CHANNELS": "pigeon"}, "no channel pigeon"),
        ({"HANGBIAO_CHANNELS": "wecom", "HANGBIAO_WECOM_CORP": "ww1"}, "HANGBIAO_WECOM_AGENT, HANGBIAO_WECOM_SECRET"),
        ({"HANGBIAO_CHANNELS": "wecom", **WECOM, "HANGBIAO_WECOM_AGENT": "app"}, "is a number"),
        ({"HANGBIAO_CHANNELS": "feishu_robot"}, "HANGBIAO_FEISHU_ROBOT_TOKEN"),
        ({**WECOM, "HANGBIAO_WECOM_CALLBACK_TOKEN": "t"}, "HANGBIAO_WECOM_CALLBACK_AES"),
    ],
)
def test_one_half_set_up_says_what_lacks(monkeypatch, given, said):
    with pytest.raises(ValueError, match=said):
        read(monkeypatch, **given)
