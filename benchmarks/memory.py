"""What is held in memory of the log, for each claim of control."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Measure, Round
from benchmarks.opened import log_of
from benchmarks.scale import Scale
from domain.claims import Control
from domain.events import Recorded, ReportCorrected, ReportFiled
from projections.projections import Projections

_PAGE = os.sysconf("SC_PAGE_SIZE")


def memory(scale: Scale) -> Iterator[Round]:
    """Bytes that the process has grown by, beside the claims that it has taken in. Once: what grew does not shrink."""
    with log_of(scale.large) as log:
        projections, claims = Projections(), 0
        gc.collect()
        before = resident()
        after = 0
        while page := log.read(after):
            projections.apply(page)
            claims += sum(map(_claims, page))
            after = page[-1].position
        gc.collect()
        yield Round(resident() - before, claims)
        del projections


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


def _claims(recorded: Recorded) -> int:
    match recorded.event:
        case ReportFiled(report=report) | ReportCorrected(report=report):
            return sum(isinstance(claim, Control) for claim in report.claims)
        case _:
            return 0


MEASURES = (
    Measure(
        "memory",
        "memory of what is kept of the log, control above all",
        "its claims",
        "bytes",
        400,
        memory,
        small=True,
        size=lambda scale: f"{scale.reports:,} reports, {scale.places:,} places",
    ),
)
