"""Feishu 飞书: signing on by the second version of its OAuth addresses, cards, the group robot, and what Feishu calls back."""
