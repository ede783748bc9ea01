"""How far a report is to be believed: the grades 1 to 6 of the Admiralty code, best first (control.md §4)."""

from __future__ import annotations

from enum import IntEnum


class Credibility(IntEnum):
    """A smaller number is a better grade. The sixth, "cannot be judged", stands last: nothing rests on it unasked."""

    CONFIRMED = 1
    PROBABLE = 2
    POSSIBLE = 3
    DOUBTFUL = 4
    IMPROBABLE = 5
    UNVERIFIED = 6

    @property
    def word(self) -> str:
        """The grade as it is written: `confirmed`, `probable`, …"""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> Credibility:
        """The grade of a word; raises ValueError for a word that is none."""
        try:
            return cls[word.upper()]
        except KeyError:
            raise ValueError(f"{word!r} is no credibility: {', '.join(grade.word for grade in cls)}") from None


UNSAID = Credibility.POSSIBLE
"""Of a report that names none: somebody said so, nobody has judged it."""
