"""The viewer, as the board's selectors take it."""

from hangbiao.rooms.people.viewer import Viewer, viewer_of

__all__ = ["Viewer", "viewer_of"]
