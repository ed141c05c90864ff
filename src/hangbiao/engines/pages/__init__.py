"""Pages: the shared look. Templates, lamps, charts as SVG strings, numbers and dates as people read them.

Tables: none. Knows no sales word beyond the drawing of a bar with a mark in it.
Promises: strict content security policy (no inline style or script), two languages chosen by the reader and never by
the browser, a light is a shape and a word before it is a colour, no request to another host.
"""
