"""Where this installation keeps its state: the embedded database, landed files, the demo company's files."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]


def home() -> Path:
    """The state folder: HANGBIAO_HOME, else `.local` of a checkout, else `~/.hangbiao`."""
    chosen = os.environ.get("HANGBIAO_HOME")
    if chosen:
        return Path(chosen).resolve()
    if (REPOSITORY / "pyproject.toml").exists():
        return REPOSITORY / ".local"
    return Path.home() / ".hangbiao"


def demo_home() -> Path:
    """Where the demo company's files, clock and progress are; a folder of its own for each outside database."""
    return home() / os.environ.get("HANGBIAO_DEMO_HOME", "demo")
