"""What waits for me: inbox, search, notices in the house, my settings.

Tables: Notice, Looked, Wishes. Tells: nothing; reacts to LightFlipped, tasks, deputies.
Promises: whatever waits stands in one list with its deadline in working days, and only there; a notice is written once
however often its event is told; nobody finds by searching what they could not open.
"""
