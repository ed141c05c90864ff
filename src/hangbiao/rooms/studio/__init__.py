"""The administrator's desk: what happens by itself, keys for programs, and webhooks with what became of their messages.

Tables: none of its own. Tells: nothing.
Promises: only an administrator finds these pages; a secret is shown once, on the page that made it, and kept by no cache;
whoever makes a key says why, and the journal keeps it.
"""
