"""How places lie inside each other (control.md §6, Inside a settlement)."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from domain.place import Place


class Settlements:
    """The places known, with what each is inside of."""

    def __init__(self, places: Iterable[Place] = ()) -> None:
        self._registry = _Registry()
        for place in _parents_first(places):
            self._registry.add(place)
        self._count = len(self._registry.places)

    def add(self, place: Place) -> None:
        """One more; its parent is there, or never will be. Those taken `upto` a count don't see it."""
        self._registry.add(place)
        self._count += 1

    def upto(self, count: int) -> Settlements:
        """The first so many of them; it shares what it is made of with this one."""
        found = object.__new__(Settlements)
        found._registry = self._registry
        found._count = count
        return found

    @property
    def places(self) -> Mapping[str, Place]:
        """By id, in the order in which they were added."""
        return _First(self._registry, self._count)

    def check(self, place: str) -> None:
        """Raise KeyError for a place that is not among them."""
        if self._registry.order[place] >= self._count:
            raise KeyError(place)

    def around(self, place: str) -> tuple[str, ...]:
        """The places it is inside, from its parent up to the highest settlement; none where it is inside none."""
        self.check(place)
        return self._registry.around[place]

    def within(self, place: str) -> tuple[str, ...]:
        """The places inside it at any depth, sorted, if it is a settlement; else none."""
        return self.inheriting(place) if self.places[place].kind.is_settlement else ()

    def inheriting(self, place: str) -> tuple[str, ...]:
        """The places that are inside it, so that what is said of it bears on them; sorted."""
        order = self._registry.order
        return tuple(id for id in self._registry.within.get(place, ()) if order[id] < self._count)


def _parents_first(places: Iterable[Place]) -> Iterator[Place]:
    left = {place.id: place for place in places}
    for id in list(left):
        chain: list[Place] = []
        while id in left:
            chain.append(left.pop(id))
            id = chain[-1].parent or ""
        yield from reversed(chain)


class _Registry:
    """What all that share it are made of; it only grows."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        self.order: dict[str, int] = {}
        self.around: dict[str, tuple[str, ...]] = {}
        self.within: dict[str, list[str]] = {}

    def add(self, place: Place) -> None:
        self.order[place.id] = len(self.places)
        self.places[place.id] = place
        around = self.around[place.id] = self._find_around(place)
        for outer in around:
            insort(self.within.setdefault(outer, []), place.id)

    def _find_around(self, place: Place) -> tuple[str, ...]:
        found: list[str] = []
        highest = 0
        parent = self.places.get(place.parent or "")
        while parent is not None and not parent.kind.is_region:
            found.append(parent.id)
            if parent.kind.is_settlement:
                highest = len(found)
            parent = self.places.get(parent.parent or "")
        return tuple(found[:highest])


class _First(Mapping[str, Place]):
    """The first so many places."""

    def __init__(self, registry: _Registry, count: int) -> None:
        self._registry = registry
        self._count = count

    def __getitem__(self, id: str) -> Place:
        if self._registry.order[id] >= self._count:
            raise KeyError(id)
        return self._registry.places[id]

    def __iter__(self) -> Iterator[str]:
        return islice(self._registry.places, self._count)

    def __len__(self) -> int:
        return self._count
