"""The state that a set of claims leaves (control.md §5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.alignments import Alignments
from domain.control.fighting import fights, remaining
from domain.control.holding import Group, groups, lowest
from domain.control.statement import Statement
from domain.control.x import X
from domain.settlements import Settlements


class Status(StrEnum):
    UNKNOWN = "unknown"
    HELD = "held"
    CONTESTED = "contested"
    VACATED = "vacated"
    DISPUTED = "disputed"
    CHANGING = "changing"


@dataclass(frozen=True, slots=True)
class Shown:
    """What two states are compared by. `challenger` () is that nobody holds it, None that nobody challenges."""

    status: Status
    holders: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    challenger: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class State:
    shown: Shown
    groups: tuple[Group, ...]
    fights: tuple[Statement, ...]

    @property
    def basis(self) -> list[Statement]:
        """The standing group's claims and the fights that go on."""
        return [*(self.groups[0].claims if self.groups else ()), *self.fights]

    @property
    def dissent(self) -> list[Statement]:
        """The claims of the other groups."""
        return [claim for group in self.groups[1:] for claim in group.claims]

    @property
    def source_of_since(self) -> Statement | None:
        """The claim that `since` comes from (§6): a fight's, or the later of the first ones of the first two groups."""
        match self.shown.status:
            case Status.UNKNOWN:
                return None
            case Status.CONTESTED:
                return self.fights[0]
            case _:
                return max((group.claims[0] for group in self.groups[:2]), key=lambda claim: claim.key)


def state(x: X, q: int, alignments: Alignments, settlements: Settlements) -> State:
    """What the claims in X leave at q."""
    found = groups(x, q, alignments, settlements)
    holders = found[0].holders if found else ()
    going = fights(x, holders, q, alignments)
    parties: tuple[str, ...] = ()
    if going:
        parties = lowest({*holders}.union(*(remaining(c, x, alignments) for c in going)), q, alignments)
    challenger = found[1].holders if len(found) > 1 else None
    status = status_of(len(found), holders, contested=bool(going))
    return State(Shown(status, holders, parties, challenger), tuple(found), x.all_of(going))


def status_of(groups: int, holders: tuple[str, ...], *, contested: bool) -> Status:
    """By how many groups are left standing, the holders of the first, and whether a fight goes on."""
    if contested:
        return Status.CONTESTED
    if not groups:
        return Status.UNKNOWN
    if groups > 1:
        return Status.DISPUTED
    return Status.HELD if holders else Status.VACATED
