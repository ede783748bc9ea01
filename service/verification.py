"""Checking a whole log, and that what is worked out from it is the same each time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.events import Recorded, stream_of
from event_store.faults import StoreFault
from event_store.log import Log, read_all
from projections.projections import Projections

_FAR = 100
"""Faults told at the most."""


@dataclass(slots=True)
class Verdict:
    """How far the log was read, and what is amiss, each in one line that names the position."""

    position: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults


def verify(log: Log) -> Verdict:
    """Read the whole log: every event decodes, positions and versions have no gap, `recorded_at` never runs back.

    Every projection is built from it, twice, and has to come out the same: what is worked out depends on the log alone.
    """
    verdict = Verdict()
    first, again = Projections(), Projections()
    try:
        for recorded, fault in _checked(log):
            verdict.position = recorded.position
            if fault is not None and len(verdict.faults) < _FAR:
                verdict.faults.append(f"event at position {recorded.position}: {fault}")
            again.apply([recorded])
        first.apply(read_all(log, until=verdict.position))
    except (StoreFault, ValueError) as fault:
        verdict.faults.append(str(fault))
        return verdict
    for name, projection in first.all.items():
        if projection.digest() != again.all[name].digest():
            verdict.faults.append(f"the projection {name!r} is not what the log makes it")
    return verdict


def _checked(log: Log) -> Iterator[tuple[Recorded, str | None]]:
    """Every event, with what is amiss with its place in the log."""
    versions: dict[str, int] = {}
    latest: int | None = None
    for recorded in read_all(log):
        fault = None
        expected = versions.get(recorded.stream, 0) + 1
        if recorded.version != expected:
            fault = f"it is version {recorded.version} of {recorded.stream}, where {expected} is the next"
        elif recorded.stream != stream_of(recorded.event):
            fault = f"it stands in the stream {recorded.stream}, where {stream_of(recorded.event)} is its own"
        elif latest is not None and recorded.recorded_at < latest:
            fault = "it was recorded before the event before it"
        versions[recorded.stream] = recorded.version
        latest = recorded.recorded_at
        yield recorded, fault
