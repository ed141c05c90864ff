"""The outside world, one folder per system. An adapter implements a port and is named in settings; no room imports one."""
