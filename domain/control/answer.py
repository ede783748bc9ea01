"""The answer about one place at one instant (control.md §6)."""

from __future__ import annotations

from dataclasses import dataclass

from domain.control.state import Shown, Status
from domain.credibility import Credibility


@dataclass(frozen=True, slots=True)
class Since:
    """Instants; `earliest` is BEGINNING for minus infinity."""

    earliest: int
    latest: int


JoinsBy = tuple[Shown, Shown | None, Shown | None]
"""What answers are told apart by: what is shown, and when changing, before and after."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Every field of §6, in its own words. `basis`, `dissent` and `unconfirmed` are ids of reports in order.

    For `changing`, `before` and `after` are what is possible, and the rest is of `before` unless the page says
    otherwise; else both are None. `since` is None for `unknown`.
    """

    place: str
    status: Status
    holders: tuple[str, ...]
    parties: tuple[str, ...]
    challenger: tuple[str, ...] | None
    before: Shown | None
    after: Shown | None
    since: Since | None
    last_confirmed: int | None
    credibility: Credibility | None
    basis: tuple[str, ...]
    dissent: tuple[str, ...]
    unconfirmed: tuple[str, ...]
    inherited_from: str | None
    exceptions: tuple[str, ...]

    @property
    def shown(self) -> Shown:
        return Shown(self.status, self.holders, self.parties, self.challenger)

    @property
    def is_unknown(self) -> bool:
        return self.status is Status.UNKNOWN

    @property
    def joins_by(self) -> JoinsBy:
        """What neighbours in a timeline are joined by, and what an answer changes by."""
        return self.shown, self.before, self.after
