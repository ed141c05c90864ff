"""The administrator's import pages: send files, map them, watch the work, mend refused rows, look back, undo.

Closed to everybody else: whoever holds no administrator's post gets the answer of an address that does not exist.
Promises: a page reads through selectors and changes through services; a deed asked for twice is done once.
"""
