"""A mapping drafted from a file nobody has described yet: its headers, and what stands in its columns.

`words` knows how companies call things, `contents` what a column holds, `draft` puts the two together and says why,
column by column. Promises: a guess is always explained and never booked before somebody has seen it; what a stream needs
and no column seems to hold is named.
"""
