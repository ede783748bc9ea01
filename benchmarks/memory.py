"""What the control projection holds in memory, for each claim of control."""

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
from event_store.log import read_all
from projections.control import ControlProjection

_PAGE = os.sysconf("SC_PAGE_SIZE")


def memory(scale: Scale) -> Iterator[Round]:
    """Bytes that the process has grown by, beside the claims that it has taken in. Once: what grew does not shrink."""
    with log_of(scale.large) as log:
        control, claims = ControlProjection(), 0
        gc.collect()
        before = resident()
        for recorded in read_all(log):
            control.apply(recorded)
            claims += _claims(recorded)
        gc.collect()
        yield Round(resident() - before, claims)
        del control


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
        "memory of the control projection",
        "its claims",
        "bytes",
        400,
        memory,
        small=True,
        size=lambda scale: f"{scale.reports:,} reports, {scale.places:,} places",
    ),
)
