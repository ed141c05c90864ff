"""Write, publish and end rules. Published versions stay; going back is a new version with an old text."""

import hashlib
import json
import re
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hangbiao.engines.journal.services import record
from hangbiao.rooms.lights.models import RuleDraft, RuleVersion
from hangbiao.rooms.lights.rules.body import Body, as_data, read
from hangbiao.rooms.lights.rules.errors import BackDated, BadRule, NoSuchRule, ReasonNeeded, RuleFault
from hangbiao.rooms.lights.rules.selectors import known

CODE = re.compile(r"(?!(?:new|check)$)[a-z][a-z0-9-]{1,38}[a-z0-9]")
STREAM, LONGEST_REASON = "rules", 300


@transaction.atomic
def save_draft(*, code: str, data: dict[str, Any], at: datetime, actor: str) -> Body:
    """Keep what somebody is writing. Raises BadRule with every mistake; a draft lights nothing."""
    if not CODE.fullmatch(code):
        raise BadRule([RuleFault("code", _("代号用 3 到 40 个小写字母、数字和连字符，以字母开头。"))])
    body = read(data, known())
    RuleDraft.objects.update_or_create(
        code=code, defaults={"body": as_data(body), "saved_at": at, "saved_by": actor}
    )
    return body


@transaction.atomic
def forget_draft(*, code: str) -> None:
    """Throw away what was being written."""
    RuleDraft.objects.filter(code=code).delete()


@transaction.atomic
def publish(
    *, code: str, data: dict[str, Any], valid_from: date, reason: str, today: date, at: datetime, actor: str
) -> RuleVersion:
    """From `valid_from` on the rule judges those it is for. Raises BadRule, BackDated, ReasonNeeded. Drafts of it are done."""
    if not CODE.fullmatch(code):
        raise BadRule([RuleFault("code", _("代号用 3 到 40 个小写字母、数字和连字符，以字母开头。"))])
    body = as_data(read(data, known()))
    forget_draft(code=code)
    return _add(code, body, ended=False, valid_from=valid_from, reason=reason, today=today, at=at, actor=actor)


@transaction.atomic
def end(*, code: str, valid_from: date, reason: str, today: date, at: datetime, actor: str) -> RuleVersion:
    """From `valid_from` on the rule judges nobody: the parameters do, or a wider rule."""
    newest = RuleVersion.objects.filter(code=code).order_by("-number").first()
    if newest is None or newest.ended:
        raise NoSuchRule(code)
    return _add(code, newest.body, ended=True, valid_from=valid_from, reason=reason, today=today, at=at, actor=actor)


def _add(
    code: str, body: dict[str, Any], *, ended: bool, valid_from: date, reason: str, today: date, at: datetime, actor: str
) -> RuleVersion:
    if not reason.strip():
        raise ReasonNeeded
    if valid_from < today:
        raise BackDated
    before = RuleVersion.objects.filter(code=code).order_by("-number").first()
    text = json.dumps([body, ended], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    made = RuleVersion.objects.create(
        code=code, number=before.number + 1 if before else 1, body=body, ended=ended, valid_from=valid_from,
        reason=reason.strip()[:LONGEST_REASON], published_at=at, published_by=actor,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip
    facts = {"key": code, "name": body["name"], "version": made.number, "valid_from": valid_from.isoformat()}
    data = facts | {"reason": made.reason, "sha256": made.sha256}
    if ended:
        record(stream=STREAM, kind="lights.rule_ended", at=at, actor=actor, data=data)
    else:
        record(stream=STREAM, kind="lights.rule_published", at=at, actor=actor, data=data)
    return made
