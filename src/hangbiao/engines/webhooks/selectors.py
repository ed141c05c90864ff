"""Reading subscriptions and what became of their messages. For the administrator's pages."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from hangbiao.engines.webhooks.errors import trouble_said
from hangbiao.engines.webhooks.models import Delivery, Subscription


@dataclass(frozen=True, slots=True)
class Told:
    """A subscription with how many of its messages were heard, wait and died."""

    subscription: Subscription
    heard: int
    waiting: int
    dead: int
    last: datetime | None


def subscriptions() -> list[Told]:
    """Every subscription, the newest first."""
    state = Delivery.State
    counted = Subscription.objects.annotate(
        heard=Count("deliveries", filter=Q(deliveries__state=state.HEARD)),
        waiting=Count("deliveries", filter=Q(deliveries__state=state.WAITING)),
        dead=Count("deliveries", filter=Q(deliveries__state=state.DEAD)),
        last=Max("deliveries__heard_at"),
    )
    return [Told(s, s.heard, s.waiting, s.dead, s.last) for s in counted.order_by("-pk")]


def subscription_called(subscription: int) -> Subscription | None:
    return Subscription.objects.filter(pk=subscription).first()


def deliveries_of(subscription: int) -> list[Delivery]:
    """Its messages as far as they are kept, the newest first."""
    return list(Delivery.objects.filter(subscription=subscription))


def dead_letters() -> list[tuple[Subscription, int, datetime]]:
    """Subscriptions with messages that nobody heard: how many, and since when. Ended ones are nobody's trouble any more."""
    dead = Subscription.objects.filter(ended_at__isnull=True, deliveries__state=Delivery.State.DEAD)
    counted = dead.annotate(n=Count("deliveries"), last=Max("deliveries__at"))
    return [(s, s.n, s.last) for s in counted.order_by("-last")]


def why(delivery: Delivery) -> tuple[str, str]:
    """What went wrong with a message last, and what to do; empty where nothing did."""
    return trouble_said(delivery.trouble, delivery.status) if delivery.trouble else ("", "")
