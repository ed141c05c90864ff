"""Write messages, take them back, try again; templates and channels as an administrator changes them."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from procrastinate.contrib.django import app

from hangbiao.core.quiet import Quiet, not_before
from hangbiao.engines.accounts.models import Account
from hangbiao.engines.journal.services import record
from hangbiao.engines.notify import channels, sql
from hangbiao.engines.notify.catalogue import Text, kind_called
from hangbiao.engines.notify.clocks import now, wall, zone
from hangbiao.engines.notify.models import Attempt, ChannelState, Message, Part, Template, Todo
from hangbiao.engines.notify.reach import people
from hangbiao.engines.notify.wording import check, field_names
from hangbiao.engines.notify.words import TRIAL
from hangbiao.engines.outbox.crash import point
from hangbiao.engines.workdays.selectors import calendar

STREAM = "messages"
LASTS = timedelta(days=3)
LOOK_AHEAD = timedelta(days=60)  # beyond any holiday
OPEN = (Message.State.QUEUED, Message.State.COMPOSED)
DEAD = (Message.State.DEAD, Message.State.EXPIRED, Message.State.FAILED, Message.State.FILTERED)
_NOT_IN_A_KEY = re.compile(r"[^0-9A-Za-z_-]")


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be told to an account, or through a group's `channel`. `key` names the event, `prefix` begins the number;
    `about` names what is to be done, so that it can be ticked off when it is done elsewhere. An account's letter with a
    `channel` is a trial: it goes there and nowhere else, at once."""

    account: int | None
    key: str
    kind: str
    href: str
    facts: dict[str, Any] = field(default_factory=dict)
    prefix: str = "HB"
    light: str = ""
    due_on: date | None = None
    about: Sequence[str] = ()
    channel: str = ""


@transaction.atomic
def write(letters: Iterable[Letter], *, at: datetime) -> int:
    """Keep what is to be told, in the transaction of what happened; gives how many messages that makes.

    What has been told already is not told again. What one account is told at one moment, or at the end of one quiet
    time, becomes one message. Without any channel nothing is kept: the notices in the house are enough.
    """
    wanted = [letter for letter in letters if letter.channel or letter.account] if channels.names() else []
    fresh = _not_told_yet(wanted)
    if not fresh:
        return 0
    reach = people().reach({letter.account for letter in fresh if letter.account}, at=at)
    company = people().company(at=at)
    fresh = [letter for letter in fresh if letter.account is None or letter.account in reach]
    quiet = {one.quiet for one in (company, *reach.values())}
    ends = {one: _not_before(one, at) for one in quiet}
    when = [
        at if letter.account and letter.channel else ends[reach.get(letter.account or 0, company).quiet] for letter in fresh
    ]
    into = _open_messages(fresh, when)
    number = _make(fresh, when, into, at)
    point("message.written")
    _wake()
    return number


def _not_told_yet(letters: Sequence[Letter]) -> list[Letter]:
    known = set(
        Part.objects.filter(key__in={letter.key for letter in letters}).values_list("account_id", "key")
    ) if letters else set()  # fmt: skip
    found: dict[tuple[int | None, str], Letter] = {}
    for letter in letters:
        if (letter.account, letter.key) not in known:
            found.setdefault((letter.account, letter.key), letter)
    return list(found.values())


def _not_before(quiet: Quiet, at: datetime) -> datetime:
    day = at.astimezone(zone()).date()
    return not_before(at, quiet, calendar(start=day, end=day + LOOK_AHEAD), zone=zone())


Place = tuple[int | None, str, datetime]


def _open_messages(letters: Sequence[Letter], when: Sequence[datetime]) -> dict[Place, Message]:
    """Messages of these accounts that go out at the same moment and have not been composed yet."""
    accounts = {letter.account for letter in letters if letter.account}
    waiting = Message.objects.select_for_update(skip_locked=True).filter(
        account_id__in=accounts, send_at__in=set(when), state=Message.State.QUEUED, passed=[]
    )
    return {(one.account_id, "", one.send_at): one for one in waiting}


def _make(letters: Sequence[Letter], when: Sequence[datetime], into: dict[Place, Message], at: datetime) -> int:
    """The messages with their parts and to-dos. A rival that told the same a moment ago leaves ours without a part."""
    numbers = iter(sql.next_numbers(len(letters)))
    wall_now, made, changed, parts, todos = wall(), {}, {}, [], []
    for letter, send_at in zip(letters, when, strict=True):
        place = (letter.account, letter.channel, send_at)
        message = into.get(place)
        if message is None:
            message = into[place] = _message(next(numbers), letter, at, send_at, wall_now)
            made[message.pk] = message
        elif _grows(message, letter) and message.pk not in made:
            changed[message.pk] = message
        parts.append(
            Part(message_id=message.pk, account_id=letter.account, key=letter.key, kind=letter.kind, facts=letter.facts,
                 href=letter.href, asks=bool(letter.about) and not letter.light)
        )  # fmt: skip
        todos += [Todo(message_id=message.pk, about=about) for about in letter.about]
    Message.objects.bulk_create(made.values(), batch_size=1000)
    Message.objects.bulk_update(changed.values(), ["href", "light", "due_on"], batch_size=1000)
    Part.objects.bulk_create(parts, batch_size=1000, ignore_conflicts=True)
    gone = set(Message.objects.filter(pk__in=made, parts__isnull=True).values_list("pk", flat=True))
    Message.objects.filter(pk__in=gone).delete()
    Todo.objects.bulk_create(
        [todo for todo in todos if todo.message_id not in gone], batch_size=1000, ignore_conflicts=True
    )
    return len(made) - len(gone)


def _message(pk: int, letter: Letter, at: datetime, send_at: datetime, wall_now: datetime) -> Message:
    prefix = _NOT_IN_A_KEY.sub("-", letter.prefix)[:30]
    return Message(
        pk=pk, number=f"{prefix}-{pk:04d}", account_id=letter.account, channel=letter.channel, href=letter.href,
        light=letter.light, due_on=letter.due_on, at=at, send_at=send_at, expires_at=send_at + LASTS, next_try=wall_now,
        passed=[name for name in channels.names() if name != letter.channel] if letter.account and letter.channel else [],
    )  # fmt: skip


def _grows(message: Message, letter: Letter) -> bool:
    """What is to be done leads: its place, its day; the more serious light stays."""
    before = (message.href, message.light, message.due_on)
    if letter.due_on and (message.due_on is None or letter.due_on < message.due_on):
        message.href, message.due_on = letter.href, letter.due_on
    message.light = message.light or letter.light
    return before != (message.href, message.light, message.due_on)


def _wake() -> None:
    """A sender (jobs.py), enqueued in the transaction of whoever writes."""
    app.configure_task("messages.pump").defer()


@transaction.atomic
def finish(*, about: Collection[str]) -> int:
    """These are done: to-dos are ticked off where the vendor shows them, what has not gone out yet stays here.

    Gives how many messages that closes.
    """
    return _close(Todo.objects.filter(about__in=list(about), done_at__isnull=True))


@transaction.atomic
def hand_over(*, owners: Mapping[str, int]) -> int:
    """These are now for their new owners to do: the to-dos of whoever had them before are closed."""
    held = Todo.objects.filter(about__in=list(owners), done_at__isnull=True).values_list("pk", "about", "message__account_id")
    return _close(Todo.objects.filter(pk__in=[pk for pk, about, account in held if owners[about] != account]))


def _close(todos: QuerySet[Todo]) -> int:
    touched = set(todos.values_list("message_id", flat=True))
    if not touched:
        return 0
    now_ = wall()
    todos.update(done_at=now_)
    still = Todo.objects.filter(message_id__in=touched, done_at__isnull=True).values("message_id")
    over = Message.objects.filter(pk__in=touched).exclude(pk__in=still)
    sent = over.filter(accepted_at__isnull=False, closed_at__isnull=True).update(closing=now_)
    over.filter(state=Message.State.QUEUED).update(due_on=None)
    more = Part.objects.filter(message_id__in=touched, asks=False).values("message_id")
    waiting = over.filter(state__in=OPEN, tries=0).exclude(pk__in=more).update(state=Message.State.WITHDRAWN)
    if sent:
        _wake()
    return sent + waiting


def close_what_was_missed() -> int:
    """Messages that were accepted in the very moment in which they were done."""
    now_ = wall()
    lately = Message.objects.filter(accepted_at__gt=now_ - timedelta(hours=1), closing=None, closed_at=None)
    undone = Todo.objects.filter(done_at__isnull=True).values("message_id")
    return lately.filter(todos__isnull=False).exclude(pk__in=undone).update(closing=now_)


@transaction.atomic
def retry(*, messages: Collection[int], at: datetime, actor: str) -> int:
    """Try these again, from the first channel on; a new text is composed. Only what is in trouble moves."""
    found = Message.objects.select_for_update().filter(
        Q(state__in=DEAD) | Q(state__in=OPEN) & ~Q(trouble=""), pk__in=list(messages)
    )
    rows = list(found)
    for row in rows:
        renew(row)
        row.expires_at, row.next_try = max(row.expires_at, now() + LASTS), wall()
        row.save()
    if rows:
        record(stream=STREAM, kind="messages.retried", at=at, actor=actor, data={"messages": [row.number for row in rows]})
        _wake()
    return len(rows)


def renew(row: Message) -> None:
    """As if it had never been tried: it will be composed anew. What was tried stays in the journal of its attempts."""
    row.state, row.parcel, row.parcel_kind, row.receipt = Message.State.QUEUED, None, "", None
    row.passed, row.tries, row.first_try, row.uncertain, row.begun = [], 0, None, False, False
    row.trouble = row.code = row.said = row.to = ""
    row.accepted_at = row.next_look = None
    row.looks = 0
    if row.account_id is not None:
        row.channel = ""


@transaction.atomic
def resume(*, channel: str, at: datetime, actor: str) -> bool:
    """The configuration has been mended: the channel sends again, what waited for it is tried at once."""
    stopped = ChannelState.objects.filter(pk=channel).filter(Q(stopped_at__isnull=False) | Q(rests_until__isnull=False))
    moved = stopped.update(stopped_at=None, rests_until=None, failures=0, trouble="", code="", said="", free_at=wall())
    if not moved:
        return False
    record(stream=STREAM, kind="messages.channel_resumed", at=at, actor=actor, data={"channel": channel})
    Message.objects.filter(state__in=OPEN).exclude(trouble="").update(next_try=wall())
    _wake()
    return True


@transaction.atomic
def publish(*, kind: str, language: str, text: Text, by: Account, at: datetime) -> Template:
    """A new version of what a kind says. Refuses BadTemplate with every mistake; an unchanged text gives the version there is."""
    found = kind_called(kind)
    check(text, field_names(found))
    before = Template.objects.filter(kind=kind, language=language).order_by("-version").first()
    said = {"title": str(text.title), "body": str(text.body), "button": str(text.button)}
    if before and (before.title, before.body, before.button) == tuple(said.values()):
        return before
    version = before.version + 1 if before else 1
    made = Template.objects.create(kind=kind, language=language, version=version, at=at, by=by, **said)
    data = {"kind": kind, "language": language, "version": made.version, **said}
    record(stream=STREAM, kind="messages.template_published", at=at, actor=by.actor, data=data)
    return made


def try_out(*, account: int, channel: str, at: datetime) -> Message | None:
    """A message to oneself, through this channel alone and at once. None if there is no such channel for people."""
    if channel not in channels.names() or channel in channels.groups():
        return None
    key = f"{TRIAL}:{channel}:{wall():%Y%m%d%H%M%S%f}"
    write([Letter(account, key, TRIAL, "/studio/messages/", {"channel": channel}, "HB-TRY", channel=channel)], at=at)
    part = Part.objects.filter(account_id=account, key=key).select_related("message").first()
    return part.message if part else None


def note(message: Message, outcome: str, *, code: str = "", said: str = "") -> None:
    """A line in the journal of attempts."""
    Attempt.objects.create(
        message=message, at=wall(), channel=message.channel, outcome=outcome, code=code[:80], said=said[:200]
    )
