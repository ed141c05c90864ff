"""What can go wrong in the people room, in words a manager understands."""


class PeopleError(Exception):
    """Base of this room's refusals. `status` is the HTTP answer."""

    status = 409


class NoCompany(PeopleError):
    """No company unit exists yet."""

    status = 404
