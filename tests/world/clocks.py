"""Two clocks that tests set: settings.CLOCK and settings.WALL_CLOCK name them."""

from datetime import datetime, timedelta


class Clocks:
    """The company's clock and the wall's; they part only when a test says so."""

    company: datetime
    on_the_wall: datetime

    @classmethod
    def set(cls, at: datetime) -> None:
        cls.company = cls.on_the_wall = at

    @classmethod
    def forward(cls, **how: float) -> None:
        cls.set(cls.on_the_wall + timedelta(**how))


def now() -> datetime:
    return Clocks.company


def wall() -> datetime:
    return Clocks.on_the_wall
