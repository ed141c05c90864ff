"""What all group robots have in common: they post, and nothing comes back."""

from hangbiao.engines.notify.ports import Receipt, State


class Posted:
    """Said in a group: accepted is all that is ever known of it."""

    confirms = False

    def confirm(self, receipt: Receipt, *, to: str) -> tuple[State, str]:
        return State.ACCEPTED, ""

    def close(self, receipt: Receipt, *, to: str, note: str) -> None:
        """What was said in a group stays said."""
