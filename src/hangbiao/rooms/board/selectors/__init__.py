"""Reads for the pages, first argument the viewer. What the viewer may not see is not counted either."""
