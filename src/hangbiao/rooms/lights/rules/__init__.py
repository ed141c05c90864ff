"""Rules that a company writes itself: for whom, by which basis, with which borders and condition, who is told, what opens.

Tables    RuleVersion (append-only), RuleDraft (in rooms/lights/models.py).
Doors     body.read (checks, with every fault at its place), services.save_draft / publish / withdraw;
          selectors.versions, in_force; previewing.preview; applying.apply (called by an evaluation).
Promises  A run names the rule versions it used, with their whole text, and gives the same lights from them later. Without a
          rule everything is as the parameters say, row for row. A rule never changes a past light, and never closes a case.
"""
