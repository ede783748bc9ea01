"""What an append and an answer take as the log grows, and as one town does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.cache import copied
from benchmarks.chronicle import END as LAST
from benchmarks.chronicle import START, Chronicle
from benchmarks.measure import Measure, Round
from benchmarks.scale import Scale
from benchmarks.shape import Shape
from benchmarks.spans import POLICY
from domain.events import ReportFiled
from service.clock import system_clock
from service.settings import Settings
from service.wiring import Service, open_service

_STEPS = 40
_QUIET = 100
TOWN = "place-0"

Step = Callable[[Service, ReportFiled], Awaitable[object]]


class Grown:
    """A service on a copy of a chronology, with all of it taken in, and laid out as the service does it if wanted."""

    def __init__(self, shape: Shape, folder: Path, *, laid_out: bool) -> None:
        self._laid_out = laid_out
        settings = Settings(store=f"sqlite:///{copied(shape, folder)}")
        self.service = open_service(settings, system_clock, _fail, create=False)
        chronicle = Chronicle(shape)
        list(chronicle.recorded())
        self._filings = chronicle.filings()
        self._random = Random(shape.reports)

    async def ready(self) -> None:
        self.service.follower.start()
        await self.service.follower.reach(self.service.log.head(), 3600)
        if self._laid_out:
            for _ in self.service.projections.control.lay_out(POLICY):
                pass

    def filings(self, count: int) -> list[ReportFiled]:
        return list(islice(self._filings, count))

    def at(self) -> int:
        return self._random.randrange(START, LAST)

    def known_at(self) -> int:
        head = self.service.projections.position
        return self._random.randrange(head // 2, head + 1)

    async def stop(self) -> None:
        await self.service.follower.stop()
        self.service.log.close()


def _fail(error: Exception) -> None:
    raise error


async def _append(grown: Grown, event: ReportFiled) -> None:
    """Taken in, durable and projected."""
    receipt = await grown.service.intake.file(event.id, event.report)
    await grown.service.follower.reach(receipt.recorded.position, 60)


async def _append_and_ask(grown: Grown, event: ReportFiled) -> None:
    await _append(grown, event)
    place = next((each.id for each in event.report.references() if each.id.startswith("place-")), TOWN)
    _ask(grown, place, grown.service.projections.position)


def _ask(grown: Grown, place: str, known_at: int) -> None:
    grown.service.projections.control.inquire(known_at, POLICY).control(place, grown.at())


async def _append_to_town(grown: Grown, event: ReportFiled) -> None:
    await _append(grown, event)


async def _ask_of_town(grown: Grown, _: ReportFiled) -> None:
    _ask(grown, TOWN, grown.known_at())


def _beside(
    large: Shape,
    small: Shape,
    step: Callable[[Grown, ReportFiled], Awaitable[None]],
    rounds: int,
    *,
    laid_out: bool = False,
) -> list[Round]:
    """Median seconds of one step on the large one and on the small one, in turn."""

    async def run() -> list[Round]:
        with ExitStack() as stack:
            folders = [Path(stack.enter_context(TemporaryDirectory())) for _ in range(2)]
            both = [Grown(*each, laid_out=laid_out) for each in zip((large, small), folders, strict=True)]
            for each in both:
                await each.ready()
            found = [Round(*[await _median(each, step) for each in both]) for _ in range(rounds)]
            for each in both:
                await each.stop()
            return found

    return asyncio.run(run())


async def _median(grown: Grown, step: Callable[[Grown, ReportFiled], Awaitable[None]]) -> float:
    return median([await _seconds(step(grown, event)) for event in grown.filings(_STEPS)])


async def _seconds(step: Awaitable[None]) -> float:
    start = perf_counter()
    await step
    return perf_counter() - start


def log(scale: Scale) -> Iterator[Round]:
    yield from _beside(scale.large, scale.small, _append_and_ask, scale.rounds, laid_out=True)


def town_append(scale: Scale) -> Iterator[Round]:
    yield from _beside(scale.town(scale.claims), scale.town(_QUIET), _append_to_town, scale.rounds)


def town_answer(scale: Scale) -> Iterator[Round]:
    yield from _beside(scale.town(scale.claims), scale.town(_QUIET), _ask_of_town, scale.rounds)


MEASURES = (
    Measure(
        "growth",
        "an append and one answer, in a large log",
        "the same in a small one",
        "s",
        1.3,
        log,
        small=True,
        size=lambda scale: f"{scale.reports:,} reports; {scale.few:,}",
    ),
    Measure(
        "town-append",
        "an append about a contested town, late ones among them",
        f"the same about a town with {_QUIET} claims",
        "s",
        3,
        town_append,
        small=True,
        size=lambda scale: f"{scale.claims:,} claims",
    ),
    Measure(
        "town-answer",
        "one answer about a contested town, any `at` and `known_at`",
        f"the same about a town with {_QUIET} claims",
        "s",
        5,
        town_answer,
        small=True,
        size=lambda scale: f"{scale.claims:,} claims",
    ),
)
