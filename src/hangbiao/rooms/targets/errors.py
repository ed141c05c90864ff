"""What can go wrong in the targets room."""


class TargetError(Exception):
    """Base of this room's refusals. `status` is the HTTP answer."""

    status = 409


class UnknownPhasing(TargetError):
    """A phasing text that is neither `even` nor `months:…`."""

    status = 422
