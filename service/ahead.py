"""Works answers out ahead of the questions, while nobody else wants the time."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

from domain.policy import LENSES
from projections.projections import Projections
from service.background import Background
from service.garbage import spare_more

_QUIET = 0.5  # seconds for which nothing may have come in
_WORK = 0.002  # seconds at a time, which is what somebody who asks may have to wait longer
_REST = 0.004
_BACK_OFF = 0.05  # seconds, where the loop came back late from a rest: others want it
_SPARED = 250  # times worked, after which the garbage collector is told that what was made stays
_LENS = LENSES["default"]


class Ahead(Background):
    """The answers under the default lens about every place: the newest, laid out again when something has come in, and
    then those that there were before, by what was known at any time.

    What is asked meanwhile is worked out as it is asked, and no answer ever waits for this.
    """

    def __init__(self, projections: Projections) -> None:
        super().__init__()
        self._projections = projections
        self._worked = 0
        self.position = -1
        """By what is known at this position, everything is laid out for which there is room."""
        self.past_position = -1
        """And up to this one, what was known before."""

    async def _run(self) -> None:
        control = self._projections.control
        past, began = control.lay_out_past(_LENS), 0
        while not self._stopping.is_set():
            position = self._projections.position
            await self._rest(_QUIET)
            if position != self._projections.position:
                continue
            if self.position != position:
                if await self._take(control.lay_out(_LENS), position):
                    self.position = position
            elif self.past_position != position and await self._take(past, position):
                self.past_position = began
                past, began = control.lay_out_past(_LENS), position

    async def _take(self, steps: Iterator[None], position: int) -> bool:
        """Whether all of them were taken before something else came in."""
        ends_at = monotonic() + _WORK
        for _ in steps:
            if monotonic() >= ends_at:
                await self._give_way()
                ends_at = monotonic() + _WORK
                if self._stopping.is_set() or self._projections.position != position:
                    return False
        return True

    async def _give_way(self) -> None:
        self._worked += 1
        if self._worked % _SPARED == 0:
            spare_more()
        due = monotonic() + _REST
        await self._rest(_REST)
        if monotonic() > due + _WORK:
            await self._rest(_BACK_OFF)
