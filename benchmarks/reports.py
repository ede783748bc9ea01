"""Reports to append: alike in size to those of hama-2024."""

from __future__ import annotations

from collections.abc import Iterator

from domain.claims import Control, Effect
from domain.events import ReportFiled
from domain.report import Citation, Report
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
