"""Subscribing, telling, telling again."""

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.journal.services import record
from hangbiao.engines.webhooks import secrets
from hangbiao.engines.webhooks.calling import Heard, address_of, call
from hangbiao.engines.webhooks.models import Delivery, Subscription

# Waits between the tries: about three days in all.
WAITS = [timedelta(seconds=s) for s in (10, 60, 300, 1_800, 7_200, 18_000, 36_000, 72_000, 86_400)]
HOPELESS = {"gone"}
SPACE = uuid.UUID("5d0f3c9e-6a7b-4f0e-9c57-2f6d0b1c8e11")


def wall() -> datetime:
    """What clocks on the wall show: the other side compares the signature's time with its own."""
    found: datetime = import_string(settings.WALL_CLOCK)()
    return found


@transaction.atomic
def subscribe(
    *, name: str, url: str, events: Sequence[str], actor: Account, at: datetime
) -> tuple[Subscription, str]:
    """Tell an address of these events from now on. Gives the secret, which nobody can read again.

    Refuses (WebhookRefused) an address that must not be called.
    """
    address_of(url)
    secret = secrets.new_secret()
    made = Subscription.objects.create(
        name=name, url=url, events=sorted(events), secret=secrets.sealed(secret), made_at=at, made_by=actor
    )
    _journal("webhooks.subscribed", made, actor, at, {"url": url, "events": made.events})
    return made, secret


@transaction.atomic
def renew_secret(*, subscription: int, actor: Account, at: datetime) -> str:
    """Another secret, from the next message on. Gives it."""
    found = Subscription.objects.select_for_update().get(pk=subscription, ended_at__isnull=True)
    secret = secrets.new_secret()
    Subscription.objects.filter(pk=found.pk).update(secret=secrets.sealed(secret))
    _journal("webhooks.secret_renewed", found, actor, at, {})
    return secret


@transaction.atomic
def end_subscription(*, subscription: int, actor: Account, at: datetime) -> None:
    """Tell it nothing any more; what still waited for it is a dead letter. Ending again changes nothing."""
    found = Subscription.objects.select_for_update().get(pk=subscription)
    if found.ended_at is None:
        Subscription.objects.filter(pk=found.pk).update(ended_at=at)
        waiting = Delivery.objects.filter(subscription=found, state=Delivery.State.WAITING)
        left = waiting.update(state=Delivery.State.DEAD, trouble="gone")
        _journal("webhooks.subscription_ended", found, actor, at, {"left": left})


def publish(event: str, facts: dict[str, Any], *, number: int, at: datetime, actor: str) -> None:
    """Make a delivery for everybody who wants this event. The event's id follows from its number in the outbox."""
    wanted = [s for s in Subscription.objects.filter(ended_at__isnull=True) if event in s.events]
    event_id = f"evt_{uuid.uuid5(SPACE, str(number)).hex}"
    said = {"id": event_id, "type": event, "at": at.astimezone(UTC).isoformat(), "by": actor, "data": facts}
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    for subscription in wanted:
        _deliver(subscription, event_id, event, body, at)


def _deliver(subscription: Subscription, event_id: str, event: str, body: str, at: datetime) -> None:
    made, new = Delivery.objects.get_or_create(
        subscription=subscription,
        event_id=event_id,
        defaults={"event": event, "body": body, "at": at, "next_try": wall()},
    )
    if new:
        _enqueue(made.pk, subscription.pk)


def _enqueue(delivery: int, subscription: int, **how: Any) -> None:
    """A job for the worker (jobs.py); the messages of one subscription go one after another."""
    app.configure_task("webhooks.send", lock=f"webhook-{subscription}", **how).defer(delivery=delivery)


def attempt(*, delivery: int) -> Heard | None:
    """Send one delivery, if it still has to be. The call is made outside of any transaction: a worker that dies after it
    and before the note sends the same id again, which the hearer passes over."""
    found = Delivery.objects.select_related("subscription").filter(pk=delivery, state=Delivery.State.WAITING).first()
    if found is None:
        return None
    now = wall()
    timestamp = int(now.timestamp())
    signed = secrets.signature(secrets.opened(found.subscription.secret), found.event_id, timestamp, found.body)
    headers = {
        "webhook-id": found.event_id, "webhook-timestamp": str(timestamp), "webhook-signature": signed,
    }  # fmt: skip
    heard = call(found.subscription.url, found.body, headers)
    _note(found, heard, now)
    return heard


@transaction.atomic
def _note(found: Delivery, heard: Heard, now: datetime) -> None:
    tries = found.tries + 1
    noted: dict[str, Any] = {"tries": tries, "status": heard.status, "trouble": heard.trouble, "said": heard.said}
    if not heard.trouble:
        noted |= {"state": Delivery.State.HEARD, "heard_at": now}
    elif heard.trouble in HOPELESS or tries > len(WAITS):
        noted["state"] = Delivery.State.DEAD
    else:
        noted["next_try"] = now + max(WAITS[tries - 1], timedelta(seconds=heard.wait))
        _enqueue(found.pk, found.subscription_id, schedule_at=noted["next_try"])
    Delivery.objects.filter(pk=found.pk, state=Delivery.State.WAITING).update(**noted)


@transaction.atomic
def send_again(*, delivery: int, actor: Account, at: datetime) -> None:
    """Give a dead letter another round of tries, under the same id."""
    dead = Delivery.objects.filter(
        pk=delivery, state=Delivery.State.DEAD, subscription__ended_at__isnull=True
    ).select_related("subscription")
    found = dead.first()
    if found is None:
        return
    Delivery.objects.filter(pk=delivery).update(state=Delivery.State.WAITING, tries=0, next_try=wall())
    _journal("webhooks.sent_again", found.subscription, actor, at, {"event_id": found.event_id})
    _enqueue(delivery, found.subscription_id)


def sweep() -> int:
    """Wake the worker for deliveries whose job was lost."""
    late = Delivery.objects.filter(state=Delivery.State.WAITING, next_try__lt=wall() - timedelta(minutes=5))
    found = list(late.values_list("pk", "subscription_id")[:1000])
    for delivery, subscription in found:
        _enqueue(delivery, subscription)
    return len(found)


def _journal(kind: str, subscription: Subscription, actor: Account, at: datetime, more: dict[str, Any]) -> None:
    data = {"subscription": subscription.pk, "name": subscription.name, **more}
    record(stream="webhooks", kind=kind, at=at, actor=actor.actor, data=data)
