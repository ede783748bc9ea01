"""Reading windows in forms, with the place of what can't be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar, cast

from domain.faults import Fault, Several
from domain.when.notation import read_occurred
from domain.when.window import Occurred
from domain.when.zone import Zone


def read(text: str, zone: Zone, *pointer: str | int) -> Occurred:
    """Read an `occurred`. Raises Unreadable or Wrong with the pointer to it."""
    try:
        return read_occurred(text, zone)
    except Fault as fault:
        raise fault.under(*pointer) from None


def read_optional(text: str | None, zone: Zone, *pointer: str | int) -> Occurred | None:
    return None if text is None else read(text, zone, *pointer)


T = TypeVar("T")


class Collecting:
    """Goes on past a fault, so that all of them can be told at once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def __call__(self, step: Callable[[], T], *pointer: str | int) -> T:
        """What the step returns; after a fault, a None that `raise_any` keeps from being used."""
        try:
            return step()
        except Fault as fault:
            self.faults.append(fault.under(*pointer))
            return cast(T, None)

    def raise_any(self) -> None:
        """Raise Several if there was a fault."""
        if self.faults:
            raise Several(self.faults)


def read_given(given: Mapping[str, str], readers: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
    """What is given, each read by the reader of its name. Raises Several with everything that can't be read."""
    collect = Collecting()
    found = {name: collect(partial(read, given[name]), name) for name, read in readers.items() if name in given}
    collect.raise_any()
    return found
