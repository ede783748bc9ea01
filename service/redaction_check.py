"""Whether words are gone where a redaction says so, and only there."""

from __future__ import annotations

from collections.abc import Iterator

from domain.events import Recorded, ReportRedacted, has_redacted
from event_store.erasing import parts_of, words_of
from event_store.log import Log
from service.tree_check import Found

_Part = tuple[str, int, str]
"""A stream, a version in it, and a part of that event."""


class RedactionCheck:
    """Follows a log, and looks at every redacted report again: words that are back, or went without a word."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._gone: dict[_Part, int] = {}
        self._faults: list[tuple[int, str]] = []

    def follow(self, recorded: Recorded) -> None:
        """The next event."""
        if has_redacted(recorded.event):
            there = set(words_of(recorded.event))
            for part in parts_of(recorded.event):
                if part not in there:
                    self._gone[recorded.stream, recorded.version, part] = recorded.position
        if isinstance(recorded.event, ReportRedacted):
            self._faults += self._held_to(recorded, recorded.event)

    def _held_to(self, recorded: Recorded, redacted: ReportRedacted) -> Found:
        """What is amiss with what a redaction erased, by its stream as it is now: it may have been made meanwhile."""
        events = {each.version: each for each in self._log.stream(recorded.stream)}
        for each in redacted.erased:
            event = events.get(each.version)
            if event is None:
                yield recorded.position, f"it redacts version {each.version} of its stream, which is not found there"
                continue
            there, parts = words_of(event.event), parts_of(event.event)
            for part in each.parts:
                self._gone.pop((recorded.stream, each.version, part), None)
                if part not in parts:
                    yield recorded.position, f"it redacts {part} of version {each.version}, which there is not"
                elif part in there:
                    yield event.position, f"{part} was redacted at position {recorded.position}, and is there"

    def faults(self) -> Iterator[str]:
        """What is amiss, once the whole log was followed."""
        for position, fault in self._faults:
            yield f"event at position {position}: {fault}"
        for (_, _, part), position in self._gone.items():
            yield f"event at position {position}: {part} is gone, and no redaction after it says so"
