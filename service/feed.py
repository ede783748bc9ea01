"""The log as a feed: which of its events are wanted, and where to go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.claims import Names
from domain.events import Event, PlaceRegistered, Recorded, ReportCorrected, ReportFiled, stream_of
from domain.faults import Wrong
from event_store.codec import NAMES
from event_store.log import PAGE, Log

TYPES: Mapping[str, type[Event]] = {name: kind for kind, name in NAMES.items()}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Events of these types, about these places; None is all."""

    types: frozenset[type[Event]] | None = None
    places: frozenset[str] | None = None

    def fits(self, recorded: Recorded, log: Log) -> bool:
        if self.types is not None and type(recorded.event) not in self.types:
            return False
        return self.places is None or self._is_about(recorded, log)

    def _is_about(self, recorded: Recorded, log: Log) -> bool:
        """A report's event is about the places that it names, and those that the report named until then."""
        match recorded.event:
            case PlaceRegistered(place):
                return place.id in (self.places or ())
            case ReportFiled():
                return self._names(recorded)
        if not stream_of(recorded.event).startswith("report:"):
            return False
        return any(self._names(each) for each in reversed(_until(recorded, log)))

    def _names(self, recorded: Recorded) -> bool:
        if not isinstance(recorded.event, ReportFiled | ReportCorrected):
            return False
        references = recorded.event.report.references()
        return any(each.names is Names.PLACE and each.id in (self.places or ()) for each in references)


def _until(recorded: Recorded, log: Log) -> Sequence[Recorded]:
    """What has happened to the report up to that event."""
    return [each for each in log.stream(recorded.stream) if each.version <= recorded.version]


def types(text: str) -> frozenset[type[Event]]:
    """Reads a comma list of types, with or without their versions. Raises Wrong for one that there is none of."""
    found = set()
    for name in text.split(","):
        kinds = {kind for full, kind in TYPES.items() if name in (full, full.partition(".")[0])}
        if not kinds:
            raise Wrong(f"{name!r} is none of: {', '.join(TYPES)}")
        found |= kinds
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Page:
    """Some events in order, and the position after which the next ones are to be looked for."""

    events: Sequence[Recorded]
    next: int


def page(log: Log, wanted: Wanted, after: int, until: int, limit: int, look: int = 10 * PAGE) -> Page:
    """The events that are wanted after a position and up to another, at most `limit`, among the next `look` events."""
    found: list[Recorded] = []
    last = min(until, after + look)
    while after < last:
        for recorded in log.recent(after) or log.read(after):
            if recorded.position > last:
                break
            after = recorded.position
            if wanted.fits(recorded, log):
                found.append(recorded)
                if len(found) == limit:
                    return Page(found, after)
    return Page(found, after)
