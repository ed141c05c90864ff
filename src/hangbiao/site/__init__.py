"""Where the house is put together: settings, addresses, the clock, who reacts to what, commands, the demo company.

Owns no tables. The only place that may import everything, and the only one that asks what time it is (clock.py).
"""
