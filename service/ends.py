"""The two ends between which something is asked: instants of valid time, or knowledge times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeVar

from domain.faults import Wrong
from domain.when.notation import read_instant
from service.forms.reading import read_given
from service.question import KnownAt, ReadInstant, read_known_at, read_time

T = TypeVar("T")


def instants(given: Mapping[str, str], instant: ReadInstant = read_instant) -> tuple[int | None, int | None]:
    """`from` and `to` as instants. Raises Several for what can't be read."""
    found = read_given(given, {name: lambda text: read_time(text, instant) for name in ("from", "to")})
    return found.get("from"), found.get("to")


def knowledge_times(
    given: Mapping[str, str], instant: ReadInstant = read_instant
) -> tuple[KnownAt | None, KnownAt | None]:
    """`from` and `to` as positions or instants of recording. Raises Several for what can't be read."""
    found = read_given(given, {name: lambda text: read_known_at(text, instant) for name in ("from", "to")})
    return found.get("from"), found.get("to")


Axis = Literal["valid", "knowledge"]
AXES: tuple[Axis, Axis] = ("valid", "knowledge")


def needed(value: T | None, name: str) -> T:
    """Raises Wrong where it was not given."""
    if value is None:
        raise Wrong(f"{name!r} is needed", (name,))
    return value


def check_order(start: int, end: int) -> None:
    """Raises Wrong where `to` lies before `from`."""
    if end < start:
        raise Wrong("`to` lies before `from`", ("to",))
