"""Letters go out in the background: a slow mail server keeps nobody waiting, and a failed one is tried again."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from hangbiao.engines.accounts import letters

AGAIN = RetryStrategy(max_attempts=6, exponential_wait=4)


def _clock(name: str) -> Callable[[], datetime]:
    clock: Callable[[], datetime] = import_string(getattr(settings, name))
    return clock


@app.task(name="accounts.send_letter", retry=AGAIN)
def send_letter(*, letter: int, origin: str) -> None:
    """Send one letter. Safe to repeat: each mail carries a new token, and only the last one opens."""
    letters.send(letter_id=letter, origin=origin, wall=_clock("WALL_CLOCK")())


@app.task(name="accounts.answer_reset", retry=AGAIN)
def answer_reset(*, name: str, origin: str) -> None:
    """Look the name up and write the letter, away from whoever asked."""
    letters.answer_reset(name=name, origin=origin, at=_clock("CLOCK")())
