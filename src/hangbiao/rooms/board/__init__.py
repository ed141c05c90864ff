"""Reads all, writes nothing: region board, people view, person page, my target.

Tables: none. Tells: nothing.
Promises: every number names its day and its basis; what a viewer may not see is not counted either.
"""
