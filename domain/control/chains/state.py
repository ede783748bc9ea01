"""The state that a set of claims leaves (control.md §5), its claims as runs of chains."""

from __future__ import annotations

from dataclasses import dataclass

from domain.control.chains.chain import Key
from domain.control.chains.fighting import fights, remaining
from domain.control.chains.holding import Group, groups
from domain.control.chains.relations import Relations
from domain.control.chains.run import Run
from domain.control.chains.x import X
from domain.control.state import Shown, Status, status_of


@dataclass(frozen=True, slots=True)
class State:
    shown: Shown
    groups: tuple[Group, ...]
    fights: tuple[Run, ...]

    @property
    def basis(self) -> tuple[Run, ...]:
        """The standing group's claims and the fights that go on."""
        return (*self.groups[0].runs, *self.fights) if self.groups else self.fights

    @property
    def dissent(self) -> tuple[Run, ...]:
        """The claims of the other groups."""
        return tuple(run for group in self.groups[1:] for run in group.runs)

    @property
    def source_of_since(self) -> Key | None:
        """The claim that `since` comes from (§6): a fight's, or the later of the first ones of the first two groups."""
        if self.fights:
            return min(run.key for run in self.fights)
        return max((group.first for group in self.groups[:2]), default=None)


NOTHING = State(Shown(Status.UNKNOWN), (), ())
"""What no claims leave."""


def state(x: X, q: int, relations: Relations) -> State:
    """What the claims in X leave at q."""
    found = groups(x, q, relations)
    holders = found[0].holders if found else ()
    going = fights(x, holders, q, relations) if x.contests else []
    parties: tuple[str, ...] = ()
    if going:
        parties = relations.lowest(frozenset(holders).union(*(remaining(c, x, relations) for c in going)), q)
    challenger = found[1].holders if len(found) > 1 else None
    status = status_of(len(found), holders, contested=bool(going))
    return State(Shown(status, holders, parties, challenger), tuple(found), tuple(going))
