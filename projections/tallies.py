"""Casualties, strikes and clashes: what counts of them at any knowledge time, under any policy."""

from __future__ import annotations

from collections.abc import Iterator

from domain.control.counting import strike
from domain.policy import Policy
from domain.tally.mention import Mention
from projections.tellings import Tellings


class Tallies:
    """Reads the tellings; keeps nothing itself."""

    def __init__(self, tellings: Tellings) -> None:
        self._tellings = tellings

    def mentions(self, known_at: int, policy: Policy) -> Iterator[Mention | None]:
        """What counts under a policy, as known at a position; None for a report of which nothing does."""
        tellings = self._tellings
        for report in tellings.mentioning[:]:
            standing = tellings.standing(report, known_at)
            if standing is None:
                yield None
                continue
            telling, grade = standing
            rows = tellings.mentions.rows(telling)
            if not rows or grade > policy.min_credibility or strike(tellings.voices(telling), policy) is None:
                yield None
                continue
            id, position = tellings.ids[report], tellings.position(telling)
            for row in rows:
                yield tellings.mentions.mention(row, id, position, grade)
