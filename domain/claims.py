"""What a report can claim: one shape for each kind. Only `control` ever changes who holds a place (control.md §3).

Every claim can carry its own `occurred` (else it takes its report's) and an `event`: claims with the same slug there
speak of the same happening. Places, forces, sources and reports are named by their ids.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

from domain.redacted import Words
from domain.when.window import Occurred

CIVILIANS = "civilians"
"""What casualties can be `of` beside a force."""


class Effect(StrEnum):
    TAKES = "takes"
    LOSES = "loses"
    HOLDS = "holds"
    CONTESTS = "contests"


class Means(StrEnum):
    ASSAULT = "assault"
    AGREEMENT = "agreement"
    WITHDRAWAL = "withdrawal"
    UNOPPOSED = "unopposed"


class Weapon(StrEnum):
    AIR = "air"
    DRONE = "drone"
    ARTILLERY = "artillery"
    MISSILE = "missile"
    EXPLOSIVE = "explosive"


class What(StrEnum):
    ARRIVAL = "arrival"
    WITHDRAWAL = "withdrawal"
    REINFORCEMENT = "reinforcement"
    CONVOY = "convoy"
    ADVANCE = "advance"
    HALT = "halt"


class Stage(StrEnum):
    LAUNCHED = "launched"
    HALTED = "halted"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Figure:
    """How many: at least `low`, at most `high` where that is known, `best` in between where somebody said so."""

    low: int
    best: int | None = None
    high: int | None = None


class Names(StrEnum):
    """What the ids in a field are the ids of."""

    PLACE = "place"
    FORCE = "force"
    SOURCE = "source"
    REPORT = "report"
    FORCE_OR_CIVILIANS = "force or civilians"
    FORCE_OR_SOURCE = "force or source"


class Reference(NamedTuple):
    """An id that a claim gives, what it is the id of, and where in the claim it stands."""

    names: Names
    id: str
    path: tuple[str | int, ...]


def _ids(names: Names, **default: Any) -> Any:
    return field(metadata={"names": names}, **default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What every claim can carry. A field whose name is a word of Python is written with `_` after it (`from_`)."""

    kind: ClassVar[str]
    occurred: Occurred | None = None
    event: str | None = None

    def named(self) -> Iterator[tuple[Names, str]]:
        """The same as `references`, without where it stands."""
        for name, _, names in _ID_FIELDS[self.kind]:
            value = getattr(self, name)
            if type(value) is tuple:
                for id in value:
                    yield names, id
            elif value is not None:
                yield names, value

    def references(self, *under: str | int) -> Iterator[Reference]:
        """Every registered thing that the claim names; `under` is where the claim itself stands."""
        for name, written, names in _ID_FIELDS[self.kind]:
            value = getattr(self, name)
            if isinstance(value, tuple):
                for i, id in enumerate(value):
                    yield Reference(names, id, (*under, written, i))
            elif value is not None:
                yield Reference(names, value, (*under, written))


@dataclass(frozen=True, slots=True, kw_only=True)
class Control(Claim):
    """Who held, took, lost or fought for a place: at least one force."""

    kind: ClassVar[str] = "control"
    place: str = _ids(Names.PLACE)
    forces: tuple[str, ...] = _ids(Names.FORCE)
    effect: Effect
    means: Means | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash(Claim):
    kind: ClassVar[str] = "clash"
    places: tuple[str, ...] = _ids(Names.PLACE)
    forces: tuple[str, ...] = _ids(Names.FORCE)
    intensity: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike(Claim):
    """`count` has no best."""

    kind: ClassVar[str] = "strike"
    places: tuple[str, ...] = _ids(Names.PLACE)
    by: tuple[str, ...] = _ids(Names.FORCE, default=())
    against: tuple[str, ...] = _ids(Names.FORCE, default=())
    weapon: Weapon | None = None
    count: Figure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Casualties(Claim):
    """`of` is a force or CIVILIANS."""

    kind: ClassVar[str] = "casualties"
    places: tuple[str, ...] = _ids(Names.PLACE, default=())
    of: str = _ids(Names.FORCE_OR_CIVILIANS)
    killed: Figure | None = None
    injured: Figure | None = None
    captured: Figure | None = None
    cause: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement(Claim):
    """`from_` and `to` are places."""

    kind: ClassVar[str] = "movement"
    forces: tuple[str, ...] = _ids(Names.FORCE)
    persons: tuple[Words, ...] = ()
    from_: str | None = _ids(Names.PLACE, default=None)
    to: str | None = _ids(Names.PLACE, default=None)
    what: What | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Claim):
    kind: ClassVar[str] = "operation"
    forces: tuple[str, ...] = _ids(Names.FORCE)
    against: tuple[str, ...] = _ids(Names.FORCE, default=())
    places: tuple[str, ...] = _ids(Names.PLACE, default=())
    stage: Stage
    name: Words | None = None
    objective: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence(Claim):
    """Seen there, with no word of control."""

    kind: ClassVar[str] = "presence"
    place: str = _ids(Names.PLACE)
    forces: tuple[str, ...] = _ids(Names.FORCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Claim):
    """`parties` are forces, `with_` others in words."""

    kind: ClassVar[str] = "agreement"
    parties: tuple[str, ...] = _ids(Names.FORCE, default=())
    with_: tuple[Words, ...] = ()
    places: tuple[str, ...] = _ids(Names.PLACE, default=())
    terms: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining(Claim):
    kind: ClassVar[str] = "joining"
    force: str = _ids(Names.FORCE)
    operation: Words | None = None
    alongside: tuple[str, ...] = _ids(Names.FORCE, default=())
    led_by: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial(Claim):
    """A report denied; `by` is a force or a source."""

    kind: ClassVar[str] = "denial"
    of: str = _ids(Names.REPORT)
    by: str | None = _ids(Names.FORCE_OR_SOURCE, default=None)


KINDS: dict[str, type[Claim]] = {
    kind.kind: kind
    for kind in (
        Control,
        Clash,
        Strike,
        Casualties,
        Movement,
        Operation,
        Presence,
        Agreement,
        Joining,
        Denial,
    )
}

_ID_FIELDS: dict[str, tuple[tuple[str, str, Names], ...]] = {
    name: tuple(
        (each.name, each.name.rstrip("_"), each.metadata["names"]) for each in fields(kind) if "names" in each.metadata
    )
    for name, kind in KINDS.items()
}

NAMING_REPORTS = frozenset(
    name for name, given in _ID_FIELDS.items() if any(names is Names.REPORT for *_, names in given)
)
"""The kinds of claims that are of another report."""
