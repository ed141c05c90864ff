"""What the working-day table tells."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorkdaysChanged:
    """Days became working days or days off: this version is in force now."""

    version: int
