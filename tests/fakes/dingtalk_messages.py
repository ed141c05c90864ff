"""DingTalk as a messenger: work notices that are accepted first and filtered later, group robots, one-to-one robots."""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.fakes import dingtalk_notices as notices
from tests.fakes.clock import Window
from tests.fakes.dingtalk import DingTalkServer, Member, refused
from tests.fakes.faults import Fault
from tests.fakes.ledger import Seen
from tests.fakes.shape import canonical, size, text, wrong
from tests.fakes.vendor import Reply, Sent

NOTICE = "/topapi/message/corpconversation/"
MOST_PEOPLE, MOST_CHAT = 100, 20
CHINA = timezone(timedelta(hours=8))
ASKABLE, MUTED, CLOCKS_APART = timedelta(hours=24), timedelta(minutes=10), timedelta(hours=1)
CHAT = {"sampleText": {"content": text}, "sampleMarkdown": {"title": text, "text": text}}
CHAT |= {"sampleActionCard": {"title": text, "text": text, "singleTitle": text, "singleURL": text}}
DUPLICATE, TOO_MANY = "143106", "143105"
STRANGER = "Forbidden.AccessDenied.IpNotInWhiteList"
QPS = "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"


@dataclass
class Robot:
    secret: str = "SECrobot"
    keyword: str = ""
    muted_until: datetime | None = None


@dataclass
class Notice:
    """One accepted work notice: what became of it, person by person."""

    at: datetime
    outcome: dict[str, str] = field(default_factory=dict)  # userid → "" shown | invalid | failed | a filter's code
    seen: list[Seen] = field(default_factory=list)
    oa: bool = False


@dataclass
class DingTalkMessages(DingTalkServer):
    agent_id: int = 123456
    robot_code: str = "dingrobot01"
    everybody: bool = False  # whoever is named is a member
    robots: dict[str, Robot] = field(default_factory=lambda: {"ding-robot-token": Robot()})
    notices: dict[int, Notice] = field(default_factory=dict)
    calls: Window = field(default_factory=lambda: Window(40, seconds=1))
    by_day: Window = field(default_factory=lambda: Window(500, days=1))
    by_robot: Window = field(default_factory=lambda: Window(20, minutes=1))
    today: set[tuple[str, str, str]] = field(default_factory=set)  # day, person, content

    def __post_init__(self) -> None:
        super().__post_init__()
        self.routes |= {
            ("POST", "/v1.0/oauth2/accessToken"): self.access_token,
            ("POST", "/topapi/v2/user/get"): self.user,
            ("POST", f"{NOTICE}asyncsend_v2"): self.send,
            ("POST", f"{NOTICE}getsendresult"): self.result,
            ("POST", f"{NOTICE}getsendprogress"): self.progress,
            ("POST", f"{NOTICE}recall"): self.recall,
            ("POST", f"{NOTICE}status_bar/update"): self.status_bar,
            ("POST", "/robot/send"): self.robot,
            ("POST", "/v1.0/robot/oToMessages/batchSend"): self.chat,
        }

    def by_userid(self, userid: str) -> Member | None:
        for member in self.members.values():
            if member.userid == userid:
                return member
        return self.add(Member(f"un-{userid}", userid)) if self.everybody else None

    def by_union(self, union: str) -> Member | None:
        known = self.members.get(union)
        if known is None and self.everybody and union.startswith("un-"):
            return self.by_userid(union.removeprefix("un-"))
        return known if known and known.userid else None

    def spoiled(self, fault: str, sent: Sent) -> Reply | None:
        new_host, asks_token = sent.path.startswith("/v1.0/"), sent.path in {"/gettoken", "/v1.0/oauth2/accessToken"}
        if fault == Fault.TOO_MANY:
            return Reply({"code": QPS, "requestid": "r", "message": "qps"}, 429, headers={"Retry-After": "7"})
        if fault == Fault.CODE_IN_200:
            return new_refused("systemError", 500) if new_host else refused(-1, "system busy")
        if fault == Fault.UNTRUSTED_IP and not asks_token:
            return new_refused(STRANGER, 403) if new_host else refused(60020, "ip not in whitelist")
        if fault == Fault.RATE and not asks_token:
            return new_refused(QPS, 403) if new_host else refused(88, "ding talk error", sub_code="90018", sub_msg="qps")
        return None

    def access_token(self, sent: Sent) -> Reply:
        given = sent.json()
        if wrong(given, {"appKey": text, "appSecret": text}):
            return new_refused("invalidParameter")
        if (given["appKey"], given["appSecret"]) != (self.key, self.secret):
            return new_refused("invalidClientIdOrSecret")
        return Reply({"accessToken": self.token(), "expireIn": 7200})

    def _called(self, sent: Sent, shape: dict[str, Any]) -> Reply | None:
        refusal = self.no_entry(sent)
        if refusal:
            return refusal
        place = "access_token" if set(sent.query) != {"access_token"} else wrong(sent.json(), shape)
        if place:
            return refused(40035, f"invalid parameter {place}")
        if not self.calls.take(sent.path, self.now):
            return refused(88, "ding talk error", sub_code="90018", sub_msg="qps")
        return None

    def user(self, sent: Sent) -> Reply:
        refusal = self._called(sent, {"userid": text, "language?": {"zh_CN", "en_US"}})
        member = None if refusal else self.by_userid(sent.json()["userid"])
        if member is None:
            return refusal or refused(60121, "user not found")
        return Reply({"errcode": 0, "errmsg": "ok", "result": {"userid": member.userid, "unionid": member.union, "name": "某"}})

    def send(self, sent: Sent) -> Reply:
        """Accepted, whatever the filters say; they are asked for afterwards."""
        people = lambda given: given == "" or (isinstance(given, str) and all(given.split(",")))
        shape = {"agent_id": {self.agent_id}, "userid_list?": people, "dept_id_list?": (str, None)}
        shape |= {"to_all_user?": bool, "msg": dict}
        refusal = self._called(sent, shape)
        if refusal:
            return refusal
        given = sent.json()
        place = notices.wrong_notice(given["msg"])
        named = [one for one in given.get("userid_list", "").split(",") if one]
        if place or len(named) > MOST_PEOPLE:
            return refused(40035, f"invalid parameter {place or 'userid_list'}")
        if given.get("to_all_user"):
            named = [one.userid for one in self.members.values() if one.userid]
        if not named:
            return refused(1430000, "no recipient")
        task = 256_271_667_000 + len(self.notices)
        self.notices[task] = notice = Notice(self.now, oa=given["msg"]["msgtype"] == "oa")
        for person in dict.fromkeys(named):
            notice.outcome[person] = self._show(person, given["msg"], notice, task)
        return Reply({"errcode": 0, "errmsg": "ok", "task_id": task, "request_id": "r"})

    def _show(self, person: str, msg: dict[str, Any], notice: Notice, task: int) -> str:
        """Empty if the person sees it, else what became of it instead."""
        if self.by_userid(person) is None:
            return "invalid"
        look, day = notices.shown(msg), self.now.astimezone(CHINA).date().isoformat()
        content = (day, person, canonical(msg))
        why = DUPLICATE if content in self.today else ""
        if not why and self.striking == Fault.PARTIAL:
            return "invalid"
        if not why and (self.striking == Fault.SILENT_DROP or not self.by_day.take((day, person), self.now)):
            why = TOO_MANY
        if why:
            self.ledger.drop("dingtalk", person, self.now, why, look["title"])
            return why
        self.today.add(content)
        notice.seen.append(self.ledger.show("dingtalk", person, self.now, msg["msgtype"], ids={"task_id": str(task)}, **look))
        return ""

    def _known(self, sent: Sent, name: str = "task_id", **more: Any) -> tuple[Notice | None, Reply]:
        refusal = self._called(sent, {"agent_id": {self.agent_id}, name: int} | more)
        notice = None if refusal else self.notices.get(sent.json()[name])
        if notice is None or self.now - notice.at >= ASKABLE:
            return None, refusal or refused(40035, f"invalid parameter {name}")
        return notice, Reply({"errcode": 0, "errmsg": "ok", "request_id": "r"})

    def _ready(self, notice: Notice) -> bool:
        """Out of order: only the newest is done."""
        return self.striking != Fault.CALLBACK_DISORDERED or notice is list(self.notices.values())[-1]

    def result(self, sent: Sent) -> Reply:
        notice, reply = self._known(sent)
        if notice is None:
            return reply
        told = notice.outcome if self._ready(notice) else {}
        those = lambda test: [person for person, what in told.items() if test(what)]
        read = {line.person for line in notice.seen if line.read}
        found = {
            "invalid_user_id_list": those(lambda what: what == "invalid"), "forbidden_user_id_list": those(str.isdecimal),
            "failed_user_id_list": those(lambda what: what == "failed"),
            "read_user_id_list": [one for one in those(lambda what: what == "") if one in read],
            "unread_user_id_list": [one for one in those(lambda what: what == "") if one not in read],
            "invalid_dept_id_list": [],
            "forbidden_list": [{"code": told[one], "count": 1, "userid": one} for one in those(str.isdecimal)],
        }  # fmt: skip
        return Reply({"errcode": 0, "errmsg": "ok", "send_result": found, "request_id": "r"})

    def progress(self, sent: Sent) -> Reply:
        notice, reply = self._known(sent)
        if notice is None:
            return reply
        done = self._ready(notice)
        told = {"progress_in_percent": 100 if done else 0, "status": 2 if done else 1}
        return Reply({"errcode": 0, "errmsg": "ok", "progress": told, "request_id": "r"})

    def recall(self, sent: Sent) -> Reply:
        notice, reply = self._known(sent, "msg_task_id")
        for line in notice.seen if notice else []:
            line.recalled = True
        return reply

    def status_bar(self, sent: Sent) -> Reply:
        notice, reply = self._known(sent, "task_id", **{"status_value": text, "status_bg?": text})
        if notice and not notice.oa:
            return refused(40035, "not an oa message")
        for line in notice.seen if notice else []:
            line.state, line.updated = sent.json()["status_value"], line.updated + 1
        return reply

    def robot(self, sent: Sent) -> Reply:
        """Signed over its own clock and secret; twenty a minute, then silence for ten."""
        name = sent.query.get("access_token", "")
        robot, given = self.robots.get(name), sent.json()
        if robot is None:
            return refused(300001, "token is not exist")
        why = self._unsigned(robot, sent)
        place = notices.wrong_robot(given, sent.raw)
        if not why and not place and robot.keyword and robot.keyword not in json.dumps(given, ensure_ascii=False):
            why = "keywords not in content"
        if why or place:
            return refused(310000, why) if why else refused(40035, f"invalid parameter {place}")
        if robot.muted_until and self.now < robot.muted_until:
            return refused(130101, "send too fast, exceed 20 times per minute")
        if not self.by_robot.take(name, self.now):
            robot.muted_until = self.now + MUTED
            return refused(130101, "send too fast, exceed 20 times per minute")
        self.ledger.show("dingtalk", f"group:{name}", self.now, f"robot {given['msgtype']}", **notices.shown(given))
        return Reply({"errcode": 0, "errmsg": "ok"})

    def _unsigned(self, robot: Robot, sent: Sent) -> str:
        if not robot.secret:
            return "" if set(sent.query) == {"access_token"} else "unexpected query"
        stamp = sent.query.get("timestamp", "")
        if set(sent.query) != {"access_token", "timestamp", "sign"} or not stamp.isdecimal():
            return "sign not match"
        if abs(self.now.timestamp() - int(stamp) / 1000) > CLOCKS_APART.total_seconds():
            return "timestamp is out of date"
        made = hmac.new(robot.secret.encode(), f"{stamp}\n{robot.secret}".encode(), hashlib.sha256).digest()
        return "" if base64.b64encode(made).decode() == sent.query["sign"] else "sign not match"

    def no_new_entry(self, sent: Sent) -> Reply | None:
        """Why a call of the new host is refused before its body is looked at."""
        token = sent.headers.get("x-acs-dingtalk-access-token", "")
        if self.tokens.get(token, datetime.min.replace(tzinfo=self.now.tzinfo)) <= self.now:
            return new_refused("InvalidAuthentication", 401)
        if not self.trusted:
            return new_refused(STRANGER, 403)
        if not self.calls.take(sent.path, self.now):
            return new_refused(QPS, 403)
        return None

    def chat(self, sent: Sent) -> Reply:
        refusal = self.no_new_entry(sent)
        given = sent.json()
        shape = {"robotCode": {self.robot_code}, "userIds": [text], "msgKey": set(CHAT), "msgParam": text}
        if refusal or wrong(given, shape) or sent.query or not 0 < len(given["userIds"]) <= MOST_CHAT:
            return refusal or new_refused("invalidParameter")
        try:
            param = json.loads(given["msgParam"])
        except ValueError:
            return new_refused("invalidParameter.msgParam")
        if wrong(param, CHAT[given["msgKey"]]) or size(given["msgParam"]) > notices.MOST_ROBOT:
            return new_refused("invalidParameter.msgParam")
        known = [one for one in given["userIds"] if self.striking != Fault.PARTIAL and self.by_userid(one)]
        held = known if self.striking == Fault.SILENT_DROP else []
        for person in known:
            said, link = param.get("text") or param["content"], param.get("singleURL", "")
            look = {"title": param.get("title", ""), "text": said, "link": link}
            if person not in held:
                self.ledger.show("dingtalk", person, self.now, given["msgKey"], **look)
        unknown = [one for one in given["userIds"] if one not in known]
        told = {"invalidStaffIdList": unknown, "flowControlledStaffIdList": held, "filteredStaffIdList": []}
        return Reply({"processQueryKey": secrets.token_hex(12), **told})


def new_refused(code: str, status: int = 400, said: str = "") -> Reply:
    return Reply({"code": code, "requestid": "r", "message": said or code}, status)
