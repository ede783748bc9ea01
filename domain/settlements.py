"""How places lie inside each other (control.md §6, Inside a settlement)."""

from __future__ import annotations

from collections.abc import Iterable

from domain.place import Place


class Settlements:
    """The places known, with what each is inside of."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = {place.id: place for place in places}
        self._around = {id: self._find_around(place) for id, place in self.places.items()}
        self._within: dict[str, list[str]] = {}
        for id in sorted(self._around):
            for outer in self._around[id]:
                self._within.setdefault(outer, []).append(id)

    def around(self, place: str) -> tuple[str, ...]:
        """The places it is inside, from its parent up to the highest settlement; none where it is inside none."""
        return self._around[place]

    def within(self, place: str) -> tuple[str, ...]:
        """The places inside it at any depth, sorted, if it is a settlement; else none."""
        return tuple(self._within.get(place, ())) if self.places[place].kind.is_settlement else ()

    def inheriting(self, place: str) -> tuple[str, ...]:
        """The places that are inside it, so that what is said of it bears on them; sorted."""
        return tuple(self._within.get(place, ()))

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
