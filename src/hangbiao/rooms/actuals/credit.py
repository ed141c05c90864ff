"""Whose is a line: the person and the territory that its amount counts for. One of each at most, so nothing counts twice."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from hangbiao.rooms.people.facts import Organisation, Spell

ROOT = "/C/"
NOBODY = (0, 0, ROOT)


class Credit:
    """Answers (rep, territory, day) → (person, territory, path); 0 stands for none.

    Person: the line's rep; else who works the territory on the business day; else nobody (unassigned).
    Territory: the line's own; else the rep's on that day, the one that began last if there are several; else none.
    """

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.codes_of_territories = {p.pk: code for code, p in organisation.territories.items()}
        self.by_person: Mapping[int, list[Spell]] = defaultdict(list)
        self.by_territory: Mapping[int, list[Spell]] = defaultdict(list)
        for spell in organisation.spells:  # ordered by first day
            self.by_person[spell.person].append(spell)
            self.by_territory[spell.territory].append(spell)
        self.answers: dict[tuple[str | None, str | None, date | None], tuple[int, int, str]] = {}

    def of(self, rep: str | None, territory: str | None, day: date | None) -> tuple[int, int, str]:
        asked = (rep, territory, day)
        answer = self.answers.get(asked)
        if answer is None:
            answer = self.answers[asked] = self._find(rep, territory, day)
        return answer

    def _find(self, rep: str | None, territory: str | None, day: date | None) -> tuple[int, int, str]:
        person = self.organisation.people[rep] if rep else 0
        place = self.organisation.territories[territory].pk if territory else 0
        if day is not None and place and not person:
            person = next((s.person for s in reversed(self.by_territory.get(place, [])) if s.covers(day)), 0)
        if day is not None and person and not place:
            place = next((s.territory for s in reversed(self.by_person.get(person, [])) if s.covers(day)), 0)
        if place:
            return person, place, self.organisation.territories[self.codes_of_territories[place]].unit_path
        if person and day is not None:
            return person, 0, self.organisation.path_of(person, day)
        return person, place, ROOT
