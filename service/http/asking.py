"""From a request to a question that can be answered now."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

from fastapi import Request

from domain.control.inquiry import Inquiry
from domain.faults import Missing
from event_store.faults import Unavailable
from service.answers import Json, times_json
from service.question import KnownAt, Question, question, resolve
from service.wiring import Service

T = TypeVar("T")
_TURN = 0.01  # seconds

PATIENCE = 5.0
"""Seconds that a read waits for the projections."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its times fixed: `at` an instant, `known_at` a position."""

    question: Question
    at: int
    known_at: int
    service: Service

    @property
    def inquiry(self) -> Inquiry:
        return self.service.projections.control.inquire(self.known_at, self.question.policy)

    @property
    def times(self) -> Json:
        return times_json(self.at, self.known_at, self.service.projections.position)

    def check_place(self, place: str) -> None:
        """Raise Missing for a place that is not known, or not yet."""
        if place not in self.service.projections.control.settlements(self.known_at).places:
            raise missing(self.service, "place", place, self.known_at)


async def ask(request: Request) -> Asked:
    """The common parameters of a request, once the projections are where it wants them."""
    service: Service = request.app.state.service
    asked = question(request.query_params)
    await follow(service, asked.known_at, asked.after_position)
    at = service.clock() if asked.at is None else asked.at
    return Asked(asked, at, resolve(asked.known_at, service.projections), service)


async def follow(service: Service, known_at: KnownAt, after_position: int) -> None:
    """Wait for what this process has acknowledged, for `after_position`, and for a `known_at` that the log has.

    Raises Unavailable where that takes too long.
    """
    wanted = max(service.log.acknowledged, after_position)
    if known_at.position is not None and known_at.position > service.projections.position:
        wanted = max(wanted, min(known_at.position, await asyncio.to_thread(service.log.head)))
    if not await service.follower.reach(wanted, PATIENCE):
        raise late(wanted, service.projections.position)


async def follow_chronology(service: Service, wanted: int) -> None:
    """Wait until the chronology's tables have reached a position. Raises Unavailable where that takes too long."""
    if not await service.chronology_follower.reach(wanted, PATIENCE):
        raise late(wanted, service.chronology.position)


def late(wanted: int, position: int) -> Unavailable:
    return Unavailable(f"position {wanted} is not reached yet: the projections are at {position}")


async def in_turns(steps: Iterable[T | None]) -> list[T]:
    """What the steps give, letting others have their turn between them.

    What is known at a position never changes, so what others append meanwhile changes nothing here.
    """
    found: list[T] = []
    turn_ends_at = monotonic() + _TURN
    for step in steps:
        if step is not None:
            found.append(step)
        if monotonic() >= turn_ends_at:
            await asyncio.sleep(0)
            turn_ends_at = monotonic() + _TURN
    return found


def missing(service: Service, what: str, id: str, known_at: int) -> Missing:
    """There is no such place, force or source, or none yet at that position."""
    registries = service.projections.registries
    later = {"place": id in registries.places, "force": id in registries.forces, "source": id in registries.sources}
    return absent(what, id, known_at, later=later[what])


def absent(what: str, id: str, known_at: int, *, later: bool) -> Missing:
    """There is none of that id; `later` tells that there is one, but was not yet at that position."""
    yet = f" known at position {known_at} yet" if later else ""
    return Missing(f"there is no {what} {id!r}{yet}")
