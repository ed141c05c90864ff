"""Feishu 飞书: so far signing on, by the second version of its OAuth addresses."""
