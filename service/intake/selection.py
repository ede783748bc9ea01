"""Which words of a report are to be erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.events import Erased, Recorded, ReportRedacted
from domain.faults import Conflict, Wrong
from event_store.erasing import parts_of
from event_store.parts import FIELDS, field_of


@dataclass(frozen=True, slots=True)
class Selection:
    """`parts` are fields (`persons`) or JSON Pointers in an event's data, for all that is below; None is all words.

    `versions` are those of the events; None is all of them but redactions, whose reasons stay unless they are named.
    """

    parts: tuple[str, ...] | None = None
    versions: frozenset[int] | None = None

    def among(self, events: Sequence[Recorded]) -> tuple[Erased, ...]:
        """What there is of it in a report's events that no redaction among them has erased."""
        gone = {
            (each.version, part)
            for recorded in events
            if isinstance(recorded.event, ReportRedacted)
            for each in recorded.event.erased
            for part in each.parts
        }
        found = [
            Erased(
                recorded.version,
                tuple(part for part in self._of(recorded) if (recorded.version, part) not in gone),
            )
            for recorded in events
        ]
        return tuple(each for each in found if each.parts)

    def check(self, events: Sequence[Recorded]) -> None:
        """Raise Wrong for a version or a part that the events have none of, Conflict where all of it is gone."""
        for version in sorted(self.versions or ()):
            if version > len(events):
                raise Wrong(f"the report has no version {version}", ("versions",))
        for i, part in enumerate(self.parts or ()):
            if not part.startswith("/") and part not in FIELDS:
                raise Wrong(f"{part!r} is no pointer, and none of: {', '.join(sorted(FIELDS))}", ("parts", i))
            if part.startswith("/") and not any(Selection((part,), self.versions)._of(each) for each in events):
                raise Wrong(f"there are no words at {part!r}", ("parts", i))
        if not any(map(self._of, events)):
            raise Wrong("there are no such words in the report", ("parts",))
        if not self.among(events):
            raise Conflict("all of that is redacted already")

    def _of(self, recorded: Recorded) -> list[str]:
        """What it is of one event, erased or not."""
        if self.versions is None:
            wanted = not isinstance(recorded.event, ReportRedacted)
        else:
            wanted = recorded.version in self.versions
        return [part for part in parts_of(recorded.event) if self._takes(part)] if wanted else []

    def _takes(self, pointer: str) -> bool:
        return self.parts is None or any(
            each in (pointer, field_of(pointer)) or pointer.startswith(f"{each}/") for each in self.parts
        )
