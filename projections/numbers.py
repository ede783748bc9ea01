"""Values that repeat, each kept once and known by its number."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

K = TypeVar("K", bound=Hashable)


class Numbers(dict[K, int]):
    """Gives 0, 1, 2, … to values in the order in which they are first asked for; `known` has them by number."""

    def __init__(self) -> None:
        self.known: list[K] = []

    def __missing__(self, value: K) -> int:
        number = self[value] = len(self.known)
        self.known.append(value)
        return number

    def restore(self, made: Callable[[Any], K]) -> None:
        """Give the values that were read into `known` their numbers; each is first made what it was."""
        self.known[:] = map(made, self.known)
        self.update((value, number) for number, value in enumerate(self.known))


class Parties(Numbers[tuple[str, ...]]):
    """The same for sets of forces: in whatever order they are named, and however often, they are one."""

    def __missing__(self, forces: tuple[str, ...]) -> int:
        one = tuple(sorted(set(forces)))
        if one == forces:
            return super().__missing__(one)
        number = self[forces] = self[one]
        return number
