"""Answers are worked out ahead of the questions while nothing comes in, and are what they are without."""

from __future__ import annotations

import asyncio
from random import Random
from time import monotonic

import pytest
from histories import history

from domain.control.chains import remembering
from domain.control.chains.remembering import RememberingInquiry
from domain.control.plain import PlainInquiry
from domain.policy import LENSES
from projections.control import Known
from projections.projections import Projections
from service import ahead
from service.ahead import Ahead
from service.settings import BadSetting, settings

POLICY = LENSES["default"]
PATIENCE = 20  # seconds


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_QUIET", 0.01)
    monkeypatch.setattr(remembering, "FEW", 0)
    monkeypatch.setattr(ahead, "_REST", 0)
    monkeypatch.setattr(ahead, "_BACK_OFF", 0.001)


async def laid_out(found: Ahead, position: int, which: str = "position") -> None:
    until = monotonic() + PATIENCE
    while getattr(found, which) < position:
        assert monotonic() < until
        await asyncio.sleep(0.01)


def check_all(projections: Projections, known_at: int | None = None) -> None:
    control = projections.control
    position = projections.position if known_at is None else known_at
    plain = PlainInquiry(Known(control, position), POLICY)
    inquiry = control.inquire_once(position, POLICY)
    for place in control.settlements(position).places:
        for turn in plain.turns(place):
            assert inquiry.control(place, turn) == plain.control(place, turn)


def never(*_: object, **__: object) -> None:
    raise AssertionError("it is not there yet")


def test_what_was_laid_out_is_not_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    projections = Projections()
    events = list(history(Random(4), 60))

    async def run() -> None:
        found = Ahead(projections)
        projections.apply(events[:50])
        found.start()
        for event in events[50:]:
            await laid_out(found, projections.position)
            with monkeypatch.context() as patch:
                patch.setattr(RememberingInquiry, "_cell", never)
                check_all(projections)
            projections.apply([event])
        await found.stop()

    asyncio.run(run())


def test_what_was_known_before_is_not_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    projections = Projections()
    events = list(history(Random(6), 60))

    async def run() -> None:
        found = Ahead(projections)
        projections.apply(events[:40])
        found.start()
        for event in events[40:]:
            await laid_out(found, projections.position, "past_position")
            with monkeypatch.context() as patch:
                patch.setattr(RememberingInquiry, "_cell", never)
                check_maps(projections)
                for known_at in Random(event.position).sample(range(projections.position + 1), 5):
                    check_all(projections, known_at)
            projections.apply([event])
        await found.stop()

    asyncio.run(run())


def check_maps(projections: Projections) -> None:
    """The map has every place, whatever was known."""
    control = projections.control
    for known_at in range(projections.position + 1):
        places, inquiry = control.ordered(known_at), control.inquire_once(known_at, POLICY)
        for q in (0, 40, 90):
            assert len([cell for cells in inquiry.cells(places, q) for cell in cells]) == len(places)


def test_it_stops_in_the_middle_and_gives_way_to_what_comes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_WORK", 0)
    projections = Projections()
    events = list(history(Random(5), 80))

    async def run() -> None:
        found = Ahead(projections)
        found.start()
        for event in events:
            projections.apply([event])
            await asyncio.sleep(0.005)
        await laid_out(found, len(events))
        check_all(projections)
        found.position = -1
        await asyncio.sleep(0.03)
        await asyncio.wait_for(found.stop(), PATIENCE)  # wherever it is

    asyncio.run(run())


def test_a_setting_leaves_it() -> None:
    assert settings({}, {}).ahead
    assert not settings({"CHRONOLOGY_AHEAD": "false"}, {}).ahead
    with pytest.raises(BadSetting, match="CHRONOLOGY_AHEAD: 'perhaps' is neither true nor false"):
        settings({"CHRONOLOGY_AHEAD": "perhaps"}, {})
