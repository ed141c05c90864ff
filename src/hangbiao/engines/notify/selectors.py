"""What became of messages: for the administrator's pages, and for each account's own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet

from hangbiao.engines.notify import channels
from hangbiao.engines.notify.catalogue import Kind
from hangbiao.engines.notify.errors import trouble_said
from hangbiao.engines.notify.models import Attempt, ChannelState, Message, Part, Template
from hangbiao.engines.notify.services import DEAD, OPEN

MOST = 1000
IN_TROUBLE = Q(state__in=DEAD) | Q(state__in=OPEN) & ~Q(trouble="")


@dataclass(frozen=True, slots=True)
class Stuck:
    """Messages with one class of trouble: how many wait and will be tried again, how many do not."""

    trouble: str
    waiting: int
    dead: int
    since: datetime

    @property
    def number(self) -> int:
        return self.waiting + self.dead


def stuck() -> list[Stuck]:
    """By class of trouble, the most first."""
    rows = Message.objects.filter(IN_TROUBLE).values("trouble").annotate(
        waiting=Count("pk", filter=Q(state__in=OPEN)), dead=Count("pk", filter=Q(state__in=DEAD)), since=Min("at")
    )  # fmt: skip
    found = [Stuck(row["trouble"], row["waiting"], row["dead"], row["since"]) for row in rows]
    return sorted(found, key=lambda one: (-one.dead, -one.waiting, one.trouble))


def stuck_codes() -> list[tuple[str, str, str, int]]:
    """(class of trouble, channel, the vendor's code, how many messages), the most first."""
    rows = Message.objects.filter(IN_TROUBLE).exclude(code="").values_list("trouble", "channel", "code")
    return list(rows.annotate(n=Count("pk")).order_by("-n", "trouble", "channel", "code"))


def dead_letters() -> tuple[int, datetime | None]:
    """How many nobody tries any more, and the oldest."""
    found = Message.objects.filter(state__in=DEAD).aggregate(n=Count("pk"), since=Min("at"))
    return int(found["n"]), found["since"]


def messages(*, troubled: bool) -> QuerySet[Message]:
    """The newest; or only those in trouble."""
    found = Message.objects.filter(IN_TROUBLE) if troubled else Message.objects.all()
    return found.select_related("account").prefetch_related("parts").order_by("-pk")[:MOST]


def in_trouble(trouble: str) -> list[int]:
    """The messages with this class of trouble."""
    return list(Message.objects.filter(IN_TROUBLE, trouble=trouble).order_by("pk").values_list("pk", flat=True)[:MOST])


def message_numbered(number: str) -> Message | None:
    return Message.objects.filter(number=number).select_related("account").first()


def why(channel: str, trouble: str, code: str) -> tuple[str, str]:
    """What went wrong and what to do: by the vendor's own code where the channel knows it, else by the class."""
    said = trouble_said(trouble)
    if trouble in {"expired", "unknown"}:
        return said
    return channels.explained(channel, code) or said


def attempts_of(message: Message) -> list[Attempt]:
    """In the order of time."""
    return list(Attempt.objects.filter(message=message))


def kinds_of(message: Message) -> list[str]:
    return [part.kind for part in message.parts.all()]


def counted(since: datetime) -> dict[str, int]:
    """State → how many messages since then."""
    return dict(Message.objects.filter(at__gte=since).values_list("state").annotate(n=Count("pk")).order_by())


@dataclass(frozen=True, slots=True)
class Doing:
    """How a channel is doing: works, rests for a while, or waits for an administrator. `sent`: in the last day."""

    name: str
    group: bool
    condition: str  # works | rests | stopped | new
    state: ChannelState | None
    sent: int
    waiting: int


def doings(wall: datetime) -> list[Doing]:
    """Every channel that is set up, in order."""
    states, groups = channels.states(), channels.groups()
    day = Message.objects.filter(accepted_at__gt=wall - timedelta(days=1)).values_list("channel")
    sent = dict(day.annotate(n=Count("pk")).order_by())
    waiting = dict(Message.objects.filter(state__in=OPEN).values_list("channel").annotate(n=Count("pk")).order_by())
    return [
        Doing(name, name in groups, _condition(states.get(name), wall), states.get(name), sent.get(name, 0),
              waiting.get(name, 0))
        for name in channels.names()
    ]  # fmt: skip


def _condition(state: ChannelState | None, wall: datetime) -> str:
    if state is None:
        return "new"
    if state.stopped_at:
        return "stopped"
    return "rests" if state.rests_until and state.rests_until > wall else "works"


def sent_of(account: int, keys: Collection[str]) -> dict[str, Message]:
    """What an account was told outside: the event's key → its message."""
    parts = Part.objects.filter(account_id=account, key__in=list(keys)).select_related("message")
    return {part.key: part.message for part in parts}


def versions_of(kind: Kind, language: str) -> Sequence[Template]:
    """Every version an administrator has published, the newest first."""
    found = Template.objects.filter(kind=kind.code, language=language).select_related("by")
    return list(found.order_by("-version"))


def changed_kinds() -> dict[tuple[str, str], int]:
    """(kind, language) → its newest version, where somebody changed the shipped text."""
    rows = Template.objects.values_list("kind", "language").annotate(n=Count("pk")).order_by()
    return {(kind, language): n for kind, language, n in rows}
