"""The parts of an event's data that may have to be erased one day: all that is in anybody's own words.

docs/verifying.md lists them for those who verify a log by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from event_store.entry import Json

OF_SOURCES = frozenset({"citation", "url"})
OF_CLAIMS = frozenset(
    {"persons", "led_by", "with", "terms", "name", "objective", "operation", "cause", "intensity"},
)
"""The fields of a report's sources and claims that hold anybody's own words, and so may hold a person's name."""

FIELDS = frozenset({"reason", "text"}) | OF_SOURCES | OF_CLAIMS

REDACTED = "redacted"
"""An erased part is an object of this one name, with the digest that the leaf has of it: words never are objects."""

Change = Callable[[str, Any], Any]
"""What becomes of a part: its JSON Pointer from the data to it, and the part."""


def each_part(data: Json, change: Change) -> Json:
    """The data with every erasable part changed: a reason, a report's text, the words of its sources and claims."""
    changed = dict(data)
    if "reason" in data:
        changed["reason"] = _each(data["reason"], "/reason", change)
    if "report" in data:
        report = changed["report"] = {**data["report"]}
        report["text"] = _each(report["text"], "/report/text", change)
        for name, erasable in (("sources", OF_SOURCES), ("claims", OF_CLAIMS)):
            if name in report:
                report[name] = [
                    {
                        field: _each(value, f"/report/{name}/{i}/{field}", change) if field in erasable else value
                        for field, value in each.items()
                    }
                    for i, each in enumerate(report[name])
                ]
    return changed


def _each(part: Any, pointer: str, change: Change) -> Any:
    """Of a list, each."""
    if isinstance(part, list):
        return [change(f"{pointer}/{i}", each) for i, each in enumerate(part)]
    return change(pointer, part)


def parts(data: Json) -> Iterator[tuple[str, Any]]:
    """Every erasable part with its pointer, in order; also those that are erased."""
    found: list[tuple[str, Any]] = []
    each_part(data, lambda pointer, part: found.append((pointer, part)))
    yield from found


def field_of(pointer: str) -> str:
    """The field that a part stands in: `persons` for `/report/claims/0/persons/1`."""
    return next(step for step in reversed(pointer.split("/")) if not step.isdigit())
