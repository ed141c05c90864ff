"""The page "what people saw": one screen per person, whichever way a message took; strangers' pages stay outside."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.house import running_house
from tests.fakes.raw import raw
from tests.fakes.showing import showing

ROOT = Path(__file__).parents[2]


@pytest.fixture
def page():
    with running_house() as house, showing(house) as shown:
        at = house.clock.now()
        house.ledger.show("wecom", "e0042", at, "textcard", "红灯 HB-1", "完成率 46%", link="https://h.example/1")
        house.ledger.show("mail", "Li.Wei@demo.example", at, "mail", "红灯 HB-1", "完成率 46%")
        house.ledger.show("feishu", "E0007", at, "interactive", "黄灯 HB-2", "", presses={"{}": "知道了"}, colour="yellow")
        yield shown


def told(page):
    return raw(page.address, "GET", "/seen.json").said


def test_a_person_has_one_screen_for_all_ways_once_introduced(page):
    assert len({line["column"] for line in told(page)["lines"]}) == 3
    body = {"E0042": {"name": "李薇", "say": "业务代表", "mail": "li.wei@demo.example"}, "E0099": {"name": "无消息"}}
    assert raw(page.address, "POST", "/people", body=body).status == 200

    given = told(page)
    assert [line["column"] for line in given["lines"]] == ["E0007", "E0042", "E0042"], "the newest first"
    assert given["people"] == {"E0042": {"name": "李薇", "say": "业务代表"}}
    assert given["lines"][0]["presses"] == [{"words": "知道了", "key": "{}"}]


def test_a_visitor_reads_and_makes_services_fail(page):
    post = lambda path, body, **how: raw(page.address, "POST", path, body=body, **how).status
    assert post("/read", {"number": 1}) == 200
    assert page.house.ledger.lines[0].read
    assert post("/fault", {"vendor": "wecom", "fault": "500"}) == post("/fault", {"vendor": "mail", "fault": "full"}) == 200
    assert {name: state["on"] for name, state in told(page)["faults"].items()} == {
        "wecom": "500", "dingtalk": "", "feishu": "", "mail": "full",
    }  # fmt: skip
    assert post("/fault", {"vendor": "wecom", "fault": "unknown"}) == post("/fault", {}) == post("/other", {}) == 400
    assert post("/read", {"number": 99}) == post("/read", b"no json") == 400


def test_pages_of_strangers_stay_outside(page):
    ask = lambda **how: raw(page.address, "POST", "/fault", body={"vendor": "wecom", "fault": "500"}, **how).status
    assert ask(headers={"Origin": "https://evil.example"}) == 400
    assert ask(headers={"Content-Type": "text/plain"}) == 400
    assert ask(host="evil.example") == 400
    assert raw(page.address, "GET", "/seen.json", host="evil.example").status == 404
    assert page.house.wecom.fault == ""


def test_the_page_needs_nothing_from_elsewhere(page):
    answer = raw(page.address, "GET", "/")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for name in ("page.js", "page.css", "words.js"):
        assert raw(page.address, "GET", f"/{name}").status == 200
        assert "://" not in raw(page.address, "GET", f"/{name}").said
    assert raw(page.address, "GET", "/../showing.py").status == 404


def test_a_process_of_its_own_says_where_everything_is_and_ends_with_who_began_it():
    command = [sys.executable, "-m", "tests.fakes", "--line"]
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    with subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as fakes:
        said = json.loads(fakes.stdout.readline())
        found = said["environment"]
        asked = {"corpid": found["HANGBIAO_WECOM_CORP"], "corpsecret": found["HANGBIAO_WECOM_SECRET"]}
        token = raw(found["HANGBIAO_WECOM_HOST"], "GET", "/cgi-bin/gettoken", asked).said["access_token"]
        body = {"touser": "anybody", "agentid": int(found["HANGBIAO_WECOM_AGENT"])}
        body |= {"msgtype": "text", "text": {"content": "HB-1"}}
        raw(found["HANGBIAO_WECOM_HOST"], "POST", "/cgi-bin/message/send", {"access_token": token}, body=body)
        assert [line["text"] for line in raw(said["page"], "GET", "/seen.json").said["lines"]] == ["HB-1"]

        fakes.stdin.close()
        assert fakes.wait(timeout=10) == 0
