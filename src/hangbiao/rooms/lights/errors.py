"""What can go wrong in the lights room."""


class LightsError(Exception):
    """Base of this room's refusals. `status` is the HTTP answer."""

    status = 409


class NoPeriod(LightsError):
    """The day belongs to no open period."""

    status = 404


class AlreadyOfficial(LightsError):
    """This day's official lights exist; they never change."""
