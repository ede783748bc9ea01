"""What would be if an event of a report came next: which answers would be others, and whom it would contradict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.claims import Denial
from domain.control.answer import Answer
from domain.events import Recorded, ReportCorrected, ReportFiled, subject_of
from domain.policy import LENSES, Policy
from domain.report import Report
from domain.when.instant import BEGINNING
from projections.control import ControlProjection
from projections.told import Told


@dataclass(frozen=True, slots=True)
class Effect:
    """A place whose answer at an instant would be another."""

    place: str
    at: int
    before: Answer
    after: Answer


class Supposition:
    """Nothing of it is kept: the projection stays as it is. `recorded` stands at the position after its newest."""

    def __init__(self, control: ControlProjection, recorded: Recorded, policy: Policy = LENSES["default"]) -> None:
        position = recorded.position
        self._id = subject_of(recorded.event)
        told = control.told(self._id)
        supposed = (told or Told(self._id)).supposing(recorded)
        self._before = control.inquire(position - 1, policy)
        self._after = control.suppose(supposed, position, policy)
        self._said = [*(told.statements(position - 1) if told else ()), *supposed.statements(position)]
        self._settlements = control.settlements(position - 1)
        self.effects: list[Effect] = []
        """By place, then by time."""
        self.contradicted: dict[str, None] = dict.fromkeys(_denied(recorded))
        """The reports that it denies; those that would stand against it, or it against them; in the order found."""

    def work_out(self, now: int) -> Iterator[None]:
        """Ask where the windows of the report's claims that bear on a place begin and end, and now (an instant)."""
        told = {each.place for each in self._said}
        for place in sorted(told.union(*map(self._settlements.inheriting, told))):
            bearing = {place, *self._settlements.around(place)}
            ends = {end for each in self._said if each.place in bearing for end in (each.e, each.l)}
            found = False
            for at in sorted((ends | {now}) - {BEGINNING}):
                found |= self._look(place, at, own=place in told)
                yield
            if not found:
                yield from self._look_further(place)

    def _look_further(self, place: str) -> Iterator[None]:
        """Where nothing changes then, the first instant at which something does."""
        for at in sorted({*self._before.turns(place), *self._after.turns(place)} - {BEGINNING}):
            if self._look(place, at, own=False):
                return
            yield

    def _look(self, place: str, at: int, *, own: bool) -> bool:
        """Whether the answer would be another."""
        before = self._before.control(place, at)
        after = self._after.control(place, at)
        differs = before.joins_by != after.joins_by
        if differs:
            self.effects.append(Effect(place, at, before, after))
        if own:
            against = after.dissent if self._id in after.basis else after.basis if self._id in after.dissent else ()
            self.contradicted |= dict.fromkeys(each for each in against if each != self._id)
        return differs


def _denied(recorded: Recorded) -> list[str]:
    content = _content(recorded)
    return [] if content is None else [claim.of for claim in content.claims if isinstance(claim, Denial)]


def _content(recorded: Recorded) -> Report | None:
    match recorded.event:
        case ReportFiled(report=report) | ReportCorrected(report=report):
            return report
    return None
