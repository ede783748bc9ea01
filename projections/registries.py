"""Places, forces, their alignments and sources, as registered, at any knowledge time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from domain.alignments import Alignment, Alignments, alignment
from domain.events import ForceAligned, ForceRegistered, PlaceRegistered, Recorded, SourceRegistered
from domain.faults import Wrong
from domain.force import Force
from domain.place import Place
from domain.source import Source
from projections.fingerprint import fingerprint
from projections.folding import fold, words

T = TypeVar("T", Place, Force, Source)


class Name(NamedTuple):
    """A name as it is looked up: folded whole, and its folded words with a space around each.

    So spaced, words are found in another such text only as whole words.
    """

    whole: str
    words: str

    @classmethod
    def of(cls, text: str) -> Name:
        return cls(fold(text), f" {' '.join(words(text))} ")

    def within(self, other: Name) -> bool:
        """Whether it is a part of the other, or as many whole words of it, however transliterated."""
        return self.whole in other.whole or (not self.words.isspace() and self.words in other.words)

    def is_all_of(self, other: Name) -> bool:
        return self.whole == other.whole or (not self.words.isspace() and self.words == other.words)


@dataclass(frozen=True)
class Entry(Generic[T]):
    """A registered thing, and the event that registered it."""

    thing: T
    recorded: Recorded

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Everything it goes by: to fold that takes its time, so it is done when it is first looked for by name."""
        return tuple(map(Name.of, _names(self.thing)))


def _names(thing: Place | Force | Source) -> tuple[str, ...]:
    return (thing.id, thing.name, *(() if isinstance(thing, Source) else thing.aliases))


class Registry(Generic[T]):
    """Things by id, in the order of their registration."""

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._entries: dict[str, Entry[T]] = {}

    def add(self, thing: T, recorded: Recorded) -> None:
        self._entries[thing.id] = Entry(thing, recorded)

    def get(self, id: str, known_at: int | None = None) -> Entry[T] | None:
        """The entry of an id; None where there is none, or none yet at that position."""
        entry = self._entries.get(id)
        return entry if entry and (known_at is None or entry.recorded.position <= known_at) else None

    def find(self, q: str | None, known_at: int) -> Iterator[Entry[T]]:
        """The entries known by then, by id; those with `q` in a name, an alias or the id.

        Accents do not matter, nor for whole words how they are transliterated.
        """
        wanted = Name.of(q or "")
        for _, entry in sorted(self._entries.items()):
            if entry.recorded.position <= known_at and (q is None or any(map(wanted.within, entry.names))):
                yield entry

    def entries(self) -> Iterator[Entry[T]]:
        """Every entry, in the order of registration."""
        return iter(self._entries.values())

    def require(self, id: str | None, named: str) -> None:
        """Raise Wrong, at the field or parameter that names it, for an id that there is none of. None is no id."""
        if id is not None and id not in self:
            raise Wrong(f"there is no {self._noun} {id!r}", (named,))

    def __contains__(self, id: str) -> bool:
        return id in self._entries

    def digest(self) -> str:
        return fingerprint(self._entries[id] for id in sorted(self._entries))


class Registries:
    """All that can be named in a report."""

    def __init__(self) -> None:
        self.places: Registry[Place] = Registry("place")
        self.forces: Registry[Force] = Registry("force")
        self.sources: Registry[Source] = Registry("source")
        self._aligned: dict[str, list[tuple[Recorded, Alignment]]] = {}

    def apply(self, recorded: Recorded) -> None:
        match recorded.event:
            case PlaceRegistered(place):
                self.places.add(place, recorded)
            case ForceRegistered(force):
                self.forces.add(force, recorded)
            case SourceRegistered(source):
                self.sources.add(source, recorded)
            case ForceAligned(force=force_id) as aligned:
                entry = (recorded, alignment(aligned, recorded.recorded_at))
                self._aligned.setdefault(force_id, []).append(entry)
            case _:
                pass

    def aligned(self, force: str, known_at: int | None = None) -> list[tuple[Recorded, Alignment]]:
        """The alignments of a force, in the order they were recorded."""
        found = self._aligned.get(force, [])
        return [each for each in found if known_at is None or each[0].position <= known_at]

    def alignments(self) -> Alignments:
        return Alignments(each for found in self._aligned.values() for _, each in found)

    def below(self, place: str) -> set[str]:
        """The place and all whose chain of parents leads to it."""
        found = {place}
        for entry in self.places.entries():  # a parent stands before its children
            if entry.thing.parent in found:
                found.add(entry.thing.id)
        return found

    def ever_under(self, force: str, known_at: int) -> set[str]:
        """The force and all that are ever aligned under it, directly or through others, as known at a position."""
        found = {force}
        while more := {id for id in self._aligned if self._leads(id, found, known_at)} - found:
            found |= more
        return found

    def _leads(self, force: str, to: set[str], known_at: int) -> bool:
        return any(each.other in to for _, each in self.aligned(force, known_at))

    def digest(self) -> str:
        return fingerprint(
            [self.places.digest(), self.forces.digest(), self.sources.digest(), sorted(self._aligned.items())]
        )
