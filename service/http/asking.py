"""From a request to a question that can be answered now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import Request

from domain.control.chains.remembering import RememberingInquiry
from domain.faults import Missing
from domain.when.instant import SECOND
from event_store.faults import Unavailable
from service.http.problems import Refused
from service.question import KnownAt, Question, is_fixed, question, resolve
from service.wiring import Service

PATIENCE = 5.0
"""Seconds that a read waits for the projections."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its times settled: `at` an instant, `known_at` a position.

    `fixed` tells whether no later event can change the answer; `in_the_past`, whether a knowledge time was asked for.
    """

    question: Question
    at: int
    known_at: int
    service: Service
    fixed: bool
    in_the_past: bool

    @property
    def inquiry(self) -> RememberingInquiry:
        return self.service.projections.control.inquire(self.known_at, self.question.policy)

    def check_place(self, place: str) -> None:
        """Raise Missing for a place that is not known, or not yet."""
        if place not in self.service.projections.control.settlements(self.known_at).places:
            raise missing(self.service, "place", place, self.known_at)

    def check_force(self, force: str) -> None:
        """Raise Missing for a force that is not known, or not yet."""
        if self.service.projections.registries.forces.get(force, self.known_at) is None:
            raise missing(self.service, "force", force, self.known_at)


async def ask(request: Request, *, mementos: bool = True) -> Asked:
    """The common parameters of a request, once the projections are where it wants them.

    `mementos` tells whether what was known can be asked for by `Accept-Datetime`, too.
    """
    service: Service = request.app.state.service
    asked = question(request.query_params)
    if mementos and "accept-datetime" in request.headers and asked.known_at == KnownAt():
        asked = replace(asked, known_at=_accept_datetime(request.headers["accept-datetime"]))
    await follow(service, asked.known_at, asked.after_position)
    known = service.projections
    return Asked(
        asked,
        service.clock() if asked.at is None else asked.at,
        resolve(asked.known_at, known),
        service,
        fixed=is_fixed(asked.known_at, known),
        in_the_past=asked.known_at != KnownAt(),
    )


def _accept_datetime(header: str) -> KnownAt:
    """`Accept-Datetime` (RFC 7089 §2.1.1) is another way to give `known_at`."""
    try:
        then = datetime.strptime(header, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    except ValueError:
        raise Refused(
            HTTPStatus.BAD_REQUEST, f"Accept-Datetime: {header!r} is no time like Thu, 05 Dec 2024 12:00:00 GMT"
        ) from None
    return KnownAt(instant=int(then.timestamp()) * SECOND)


async def follow(service: Service, known_at: KnownAt, after_position: int) -> None:
    """Wait for what this process has acknowledged, for `after_position`, and for a `known_at` that the log has.

    Raises Unavailable where that takes too long, and while the log can't be looked at: nobody could tell then how much
    has been appended since, or whether what was followed is still the log.
    """
    if service.follower.fault is not None:
        raise Unavailable(str(service.follower.fault))
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


def missing(service: Service, what: str, id: str, known_at: int) -> Missing:
    """There is no such place, force or source, or none yet at that position."""
    registries = service.projections.registries
    later = {"place": id in registries.places, "force": id in registries.forces, "source": id in registries.sources}
    return absent(what, id, known_at, later=later[what])


def absent(what: str, id: str, known_at: int, *, later: bool) -> Missing:
    """There is none of that id; `later` tells that there is one, but was not yet at that position."""
    yet = f" known at position {known_at} yet" if later else ""
    return Missing(f"there is no {what} {id!r}{yet}")
