"""Reports to append: alike in size to those of hama-2024."""

from __future__ import annotations

from collections.abc import Iterator

from domain.claims import Control, Effect
from domain.events import Event, ForceRegistered, PlaceRegistered, ReportFiled, SourceRegistered
from domain.force import Force
from domain.place import Place, PlaceKind
from domain.report import Citation, Report
from domain.source import Source
from domain.when.notation import read_occurred
from domain.when.zone import Zone


def reports(count: int) -> Iterator[ReportFiled]:
    """That many filings, each of its own report."""
    zone = Zone("UTC")
    windows = [read_occurred(f"2024-12-{day:02} night", zone) for day in range(1, 29)]
    for i in range(count):
        claim = Control(place=f"place-{i % 500}", forces=(f"force-{i % 7}",), effect=Effect.TAKES)
        source = Citation(f"source-{i % 20}", f"sentence {i}")
        text = f"Force {i % 7} was said to have taken place {i % 500} after fighting that went on into the night."
        yield ReportFiled(f"r-{i:012}", Report(text, windows[i % len(windows)], None, (source,), (claim,)))


def registrations() -> Iterator[Event]:
    """What those reports name: 500 places in a region each of ten, in a country; forces and sources."""
    yield PlaceRegistered(Place("country", "The country", PlaceKind.COUNTRY))
    for i in range(10):
        yield PlaceRegistered(Place(f"region-{i}", f"Region {i}", PlaceKind.DISTRICT, "country"))
    for i in range(500):
        aliases = (f"Al-Makān {i}", f"مكان {i}")
        yield PlaceRegistered(Place(f"place-{i}", f"Place {i}", PlaceKind.TOWN, f"region-{i % 10}", None, aliases))
    for i in range(7):
        yield ForceRegistered(Force(f"force-{i}", f"Force {i}"))
    for i in range(20):
        yield SourceRegistered(Source(f"source-{i}", f"The source {i}"))
