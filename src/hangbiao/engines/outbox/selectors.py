"""What did not happen."""

from hangbiao.engines.outbox.models import Pending


def stuck() -> list[Pending]:
    """Reactions that failed eight times and wait for somebody."""
    return list(Pending.objects.filter(state=Pending.State.STUCK))
