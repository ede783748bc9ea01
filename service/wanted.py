"""Which reports are wanted, from the texts that it is asked in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from domain.claims import KINDS
from domain.faults import Wrong
from domain.when.instant import BEGINNING, END
from domain.when.notation import read_instant
from projections.chronology.wanted import Wanted
from projections.chronology.words import query
from projections.registries import Registries
from service.ends import check_order
from service.question import ReadInstant, one_of, read_time, slug, whole_number


def readers(instant: ReadInstant = read_instant) -> Mapping[str, Callable[[str], Any]]:
    """What reads each part; `instant` reads a time."""
    return {
        "place": slug,
        "force": slug,
        "source": slug,
        "kind": one_of(*KINDS),
        "from": lambda text: read_time(text, instant),
        "to": lambda text: read_time(text, instant),
        "q": query,
    }


def at_least_one(text: str) -> int:
    """Reads how many are wanted. Raises Wrong for none."""
    number = whole_number(text)
    if number < 1:
        raise Wrong("at least 1 is asked for")
    return number


def wanted(parts: Mapping[str, Any], registries: Registries, known_at: int) -> Wanted:
    """What is wanted, of parts that have been read, as known at a position. Raises Wrong for what there is none of."""
    start, end = parts.get("from", BEGINNING), parts.get("to", END)
    check_order(start, end)
    place, force, source = parts.get("place"), parts.get("force"), parts.get("source")
    registries.places.require(place, "place")
    registries.forces.require(force, "force")
    registries.sources.require(source, "source")
    return Wanted(
        place=place,
        forces=None if force is None else frozenset(registries.ever_under(force, known_at)),
        source=source,
        kind=parts.get("kind"),
        start=start,
        end=end,
        query=parts.get("q"),
    )
