"""Pages: the shared look. Templates, lamps, charts as SVG strings, tables, fields, numbers and dates as people read them.

Tables: TableChoice, Fault, Answered. Tells: nothing. Knows no sales word beyond the drawing of a bar with a mark in it.
Promises: strict content security policy (no inline style or script), two languages chosen by the reader and never by
the browser, a light is a shape and a word before it is a colour, no request to another host. A form that carries a key
acts once. What breaks has a number. What a phone keeps, it keeps for one reader and forgets at sign-out.
"""
