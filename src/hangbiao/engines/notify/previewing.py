"""A template as people would see it, and how it fits each channel, before it is published."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hangbiao.engines.notify import channels
from hangbiao.engines.notify.catalogue import Kind, Text
from hangbiao.engines.notify.ports import Outgoing, Refused
from hangbiao.engines.notify.wording import check, field_names, put_together

NUMBER = "HB-2026Q4-W8-0123"


@dataclass(frozen=True, slots=True)
class Fit:
    """How long it is for one channel, in bytes; `shortened` when the channel would cut it, `refused` when it cannot be."""

    channel: str
    size: int
    shortened: bool
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The message with its sample facts."""

    message: Outgoing
    title_bytes: int
    body_bytes: int
    fits: Sequence[Fit]


def preview(kind: Kind, text: Text, language: str) -> Preview:
    """Refuses BadTemplate with every mistake."""
    check(text, field_names(kind))
    message = put_together(
        [(kind, text, kind.sample)], number=NUMBER, to="", language=language, href="/", light=_light(kind)
    )
    fits = [_fit(name, replace(message, to=_somebody(name))) for name in _for(kind)]
    return Preview(message, len(message.title.encode()), len(message.body.encode()), fits)


def _somebody(channel: str) -> str:
    """An id that could be a person's there; groups have none."""
    return "" if channel in channels.groups() else "preview@example.com" if channel == "mail" else "preview"


def _light(kind: Kind) -> str:
    return str(kind.sample.get("light", ""))


def _for(kind: Kind) -> Sequence[str]:
    groups = channels.groups()
    return groups if kind.group else [name for name in channels.names() if name not in groups]


def _fit(name: str, message: Outgoing) -> Fit:
    adapter = channels.channel(name)
    try:
        parcel = adapter.compose(message) if adapter else None
    except Refused as why:
        return Fit(name, 0, shortened=False, refused=f"{why.code} {why.said}".strip() or str(why.trouble))
    return Fit(name, len(parcel.body) if parcel else 0, shortened=bool(parcel and parcel.shortened))
