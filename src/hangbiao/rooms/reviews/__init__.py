"""Reviews: a red or yellow official light is talked about by the three people concerned, and the talk leads to actions.

Tables    Review (one case of the flow `deviation_response`), Analysis (versions of 《绩效偏差分析》), Action, Evidence,
          Meeting with Reply.
Doors     services.open_after_checkpoint, take_part, write_analysis, add_evidence, propose_meeting; selectors.review_for,
          reviews_of; sources.my_parts for the inbox. Tells MeetingProposed.
Reacts to LightFlipped: every official yellow or red light opens a review, or raises the one that is open.
Promises  One open review per person. The analysis is never blank. Nothing closes by silence. Leave and late data, which are
          grey, open nothing.
"""
