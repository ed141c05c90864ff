"""DingTalk's to-dos: people by unionId, one to-do for each sourceId."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.fakes.dingtalk_messages import DingTalkMessages, new_refused
from tests.fakes.faults import Fault
from tests.fakes.ledger import Seen
from tests.fakes.shape import link, text, wrong
from tests.fakes.vendor import Reply, Sent

TASKS = "/v1.0/todo/users/{union}/tasks"
WRONG = "todo.taskCreate.paramError"
SUBJECT, DESCRIPTION, MOST_PEOPLE = 1024, 4096, 1000
NEW = {
    "sourceId?": text, "subject": text, "creatorId?": text, "description?": str, "dueTime?": int, "executorIds?": [text],
    "participantIds?": [text], "detailUrl?": {"appUrl?": link, "pcUrl?": link}, "isOnlyShowExecutor?": bool,
    "priority?": {10, 20, 30, 40}, "notifyConfigs?": {"dingNotify": {"1"}},
}  # fmt: skip
CHANGE = {
    "subject?": text, "description?": str, "dueTime?": int, "done?": bool, "executorIds?": [text], "participantIds?": [text],
}  # fmt: skip


@dataclass
class Todo:
    number: str
    source: str
    creator: str
    seen: dict[str, Seen]  # by unionId
    due: int | None = None
    made: datetime = datetime.min

    @property
    def done(self) -> bool:
        return all(line.state == "done" for line in self.seen.values())


@dataclass
class DingTalkApp(DingTalkMessages):
    """Everything: signing on, notices, robots, to-dos."""

    todos: dict[str, Todo] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.routes |= {
            ("POST", TASKS): self.create,
            ("GET", TASKS + "/sources/{source}"): self.by_source,
            ("PUT", TASKS + "/{task}"): self.change,
            ("PUT", TASKS + "/{task}/executorStatus"): self.tick,
            ("DELETE", TASKS + "/{task}"): self.delete,
        }

    def _entered(self, sent: Sent, shape: dict[str, Any] | None) -> Reply | None:
        refusal = self.no_new_entry(sent)
        if refusal:
            return refusal
        if set(sent.query) - {"operatorId"} or self.by_union(sent.named["union"]) is None:
            return new_refused(WRONG, said="unionId or operatorId is invalid")
        if "operatorId" in sent.query and self.by_union(sent.query["operatorId"]) is None:
            return new_refused(WRONG, said="operatorId is invalid")
        place = wrong(sent.json(), shape) if shape is not None else ""
        return new_refused(WRONG, said=f"{place} is invalid") if place else None

    def create(self, sent: Sent) -> Reply:
        refusal = self._entered(sent, NEW)
        if refusal:
            return refusal
        given, union = sent.json() or {}, sent.named["union"]
        why = self._oversize(given)
        if why:
            return new_refused(WRONG, said=why)
        source = given.get("sourceId", "")
        if source and any(todo.source == source for todo in self.todos.values()):
            return new_refused(WRONG, said="task exist")
        number = f"task{secrets.token_hex(12)}"
        people = given.get("executorIds") or [given.get("creatorId", union)]
        unknown = [one for one in people if self.by_union(one) is None]
        if unknown or self.striking == Fault.PARTIAL:
            return new_refused(WRONG, said="executors is invalid")
        seen = {one: self._put(one, given, number) for one in people}
        todo = self.todos[number] = Todo(number, source, given.get("creatorId", union), seen, given.get("dueTime"), self.now)
        if self.striking == Fault.DUPLICATE_TASK:
            return new_refused(WRONG, said="task exist")
        return Reply(self._told(todo) | {"detailUrl": given.get("detailUrl", {})})

    def _told(self, todo: Todo) -> dict[str, Any]:
        subject = next(iter(todo.seen.values())).title
        return {
            "id": todo.number, "sourceId": todo.source, "subject": subject, "done": todo.done, "creatorId": todo.creator,
            "createdTime": int(todo.made.timestamp() * 1000), "dueTime": todo.due, "executorIds": list(todo.seen),
            "requestId": "r",
        }  # fmt: skip

    def by_source(self, sent: Sent) -> Reply:
        refusal = self._entered(sent, None)
        found = [one for one in self.todos.values() if one.source == sent.named["source"]]
        if refusal or not found:
            return refusal or new_refused("todo.task.notExist", 404)
        return Reply(self._told(found[0]))

    def _oversize(self, given: dict[str, Any]) -> str:
        if len(given.get("subject", "")) > SUBJECT:
            return "subject is oversize"
        if len(given.get("description", "")) > DESCRIPTION:
            return "description is oversize"
        if len(given.get("executorIds", [])) > MOST_PEOPLE:
            return "executors is oversize"
        if len(given.get("participantIds", [])) > MOST_PEOPLE:
            return "participants is oversize"
        if given.get("dueTime", 1_000_000_000_000) < 1_000_000_000_000:  # seconds where milliseconds belong
            return "dueTime is invalid"
        return ""

    def _put(self, union: str, given: dict[str, Any], number: str) -> Seen:
        person, addresses = self.by_union(union), given.get("detailUrl", {})
        due = datetime.fromtimestamp(given["dueTime"] / 1000, UTC) if given.get("dueTime") else None
        return self.ledger.show(
            "dingtalk", person.userid if person else union, self.now, "todo", given["subject"], given.get("description", ""),
            link=addresses.get("appUrl") or addresses.get("pcUrl", ""), state="open", due=due,
            ids={"todo": number, "sourceId": given.get("sourceId", "")},
        )  # fmt: skip

    def _found(self, sent: Sent, shape: dict[str, Any] | None) -> tuple[Todo | None, Reply]:
        refusal = self._entered(sent, shape)
        todo = None if refusal else self.todos.get(sent.named["task"])
        if todo is None:
            return None, refusal or new_refused("todo.task.notExist", 404)
        return todo, Reply({"result": True, "requestId": "r"})

    def change(self, sent: Sent) -> Reply:
        todo, reply = self._found(sent, CHANGE)
        given = sent.json() or {}
        if todo is None:
            return reply
        why = self._oversize(given)
        if why:
            return new_refused("todo.taskUpdate.paramError", said=why)
        for line in todo.seen.values():
            line.title, line.text = given.get("subject", line.title), given.get("description", line.text)
            if "done" in given:
                line.state = "done" if given["done"] else "open"
            line.updated += 1
        return reply

    def tick(self, sent: Sent) -> Reply:
        todo, reply = self._found(sent, {"executorStatusList": [{"id": text, "isDone": bool}]})
        if todo is None:
            return reply
        for one in (sent.json() or {})["executorStatusList"]:
            if one["id"] not in todo.seen:
                return new_refused("todo.taskUpdate.paramError", said="executor is not of this task")
            line = todo.seen[one["id"]]
            line.state, line.updated = "done" if one["isDone"] else "open", line.updated + 1
        return reply

    def delete(self, sent: Sent) -> Reply:
        todo, reply = self._found(sent, None)
        if todo is not None:
            for line in todo.seen.values():
                line.state = "deleted"
            del self.todos[todo.number]
        return reply
