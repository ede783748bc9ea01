"""Taking words out of an entry, so that its leaf in the log's tree stays what it was."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import orjson

from domain.events import Event, ReportRedacted, report_stream
from event_store.codec import encode
from event_store.entry import Entry
from event_store.parts import REDACTED, each_part, parts
from event_store.salts import Salts, seal, written


def erased(entry: Entry, pointers: Collection[str]) -> Entry:
    """The entry with a digest in the place of each of those parts, and their salts gone.

    What is erased already stays so. Raises ValueError for a part that there is not.
    """
    salts, left = Salts(entry.salt), dict[str, bytes]()
    missing = set(pointers)

    def change(pointer: str, part: Any) -> Any:
        missing.discard(pointer)
        if isinstance(part, dict):
            return part
        own = salts.take(pointer)
        if pointer in pointers:
            return {REDACTED: seal(part, own)}
        left[pointer] = own
        return part

    data = each_part(orjson.loads(entry.data), change)
    if missing:
        raise ValueError(f"there is nothing to redact at {min(missing)} of version {entry.version}")
    return entry._replace(data=orjson.dumps(data), salt=written(left))


def left_by(event: Event, entry_at: Callable[[str, int], Entry | None]) -> list[Entry]:
    """The entries as a redaction leaves them, found by stream and version; none for other events.

    Raises ValueError for what is not there.
    """
    if not isinstance(event, ReportRedacted):
        return []
    stream, left = report_stream(event.id), []
    for each in event.erased:
        entry = entry_at(stream, each.version)
        if entry is None:
            raise ValueError(f"there is no version {each.version} of {stream} to redact")
        left.append(erased(entry, each.parts))
    return left


def words_of(event: Event) -> list[str]:
    """The pointers of its words that are still there."""
    return [pointer for pointer, part in parts(orjson.loads(encode(event)[1])) if not isinstance(part, dict)]


def parts_of(event: Event) -> list[str]:
    """The pointers of all its erasable parts, in order, also of those that are erased."""
    return [pointer for pointer, _ in parts(orjson.loads(encode(event)[1]))]
