"""Filing many at once comes to what filing them one after the other does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.when.zone import Zone
from service.clock import system_clock
from service.intake import bulk
from service.intake.filings import Filing, FilingReader
from service.intake.intake import Receipt
from service.settings import Settings
from service.wiring import Service, open_service

Line = dict[str, Any]


def line(id: str, text: str, kind: str, other: str) -> Line:
    """A report of what is known, of a place that is not, or of another report; or none at all."""
    claims: dict[str, list[Line]] = {
        "nothing": [],
        "denial": [{"kind": "denial", "of": other}],
        "unknown": [{"kind": "presence", "place": "nowhere", "forces": []}],
        "unfit": [{"kind": "rumour"}],
    }
    occurred = "2999-01-01/.." if kind == "future" else "2024-12-04"
    return {"id": id, "text": text, "occurred": occurred, "claims": claims.get(kind, [])}


IDS = st.sampled_from(["r1", "r2", "r3", "r4"])
KINDS = st.sampled_from(["nothing", "nothing", "denial", "unknown", "unfit", "future"])
LINES = st.lists(st.builds(line, IDS, st.sampled_from(["seen", "heard"]), KINDS, IDS), max_size=12)


async def outcomes(lines: Sequence[Line], store: Path, at_a_time: int) -> list[Any]:
    """What becomes of the lines, so many in a run, and all that is in the log then."""
    service = open_service(Settings(store=f"sqlite:///{store}"), system_clock, lambda _: None, create=True)
    service.follower.start()
    reader = FilingReader(Zone("UTC"), lambda *_: "")
    found: list[Any] = []
    told_of = asyncio.Event()

    async def runs() -> AsyncIterator[bulk.Run]:
        filings = [reader.report(number, 1, each) for number, each in enumerate(lines, start=1)]
        for start in range(0, len(filings), at_a_time):
            yield filings[start : start + at_a_time]
            if at_a_time == 1:  # each by itself
                await told_of.wait()
                told_of.clear()

    def tell(told: Sequence[tuple[Filing, bulk.Outcome]]) -> None:
        told_of.set()
        found.extend((filing.number, *said(outcome)) for filing, outcome in told)

    try:
        await bulk.file_all(runs(), service.intake, tell)
        return [found, sorted(stored(service))]
    finally:
        await service.follower.stop()
        service.log.close()


def said(outcome: bulk.Outcome) -> tuple[str, ...]:
    if isinstance(outcome, Receipt):
        return outcome.id, "filed" if outcome.fresh else "there already"
    return type(outcome).__name__, str(outcome).partition("recording")[0]


def stored(service: Service) -> list[tuple[str, int, str]]:
    return [(each.stream, each.version, str(each.event)) for each in service.log.read(0)]


def first_said_decides(lines: Sequence[Line]) -> bool:
    """Whether no line depends on a later one, which one of many may find and one alone can't.

    It would be of a report that a later one files, or have to be looked for under an id that a later one takes.
    """
    for i, each in enumerate(lines):
        later = {other["id"] for other in lines[i + 1 :]}
        earlier = {other["id"] for other in lines[:i]}
        named = {claim["of"] for claim in each["claims"] if claim["kind"] == "denial"}
        plain = not each["claims"] and each["occurred"] == "2024-12-04"
        if later & (named - earlier) or (not plain and each["id"] in later):
            return False
    return True


@settings(max_examples=30, deadline=None)
@given(LINES.filter(first_said_decides), st.integers(2, 12))
def test_many_at_once_come_to_what_one_after_the_other_does(lines: list[Line], at_a_time: int) -> None:
    with TemporaryDirectory() as folder:
        alone = asyncio.run(outcomes(lines, Path(folder) / "alone.db", 1))
        together = asyncio.run(outcomes(lines, Path(folder) / "together.db", at_a_time))
    assert together == alone
