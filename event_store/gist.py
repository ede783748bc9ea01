"""Entries read as fast as can be and as strictly as must be: what the projections need of them.

To read JSON into typed structures takes a tenth of the time of the codec, which makes the domain's own objects. The
structures are made from the domain's dataclasses, so that the two can't come apart. What they do not recognise (an
event of a registry or in an older form, or one that is damaged) the codec reads, or refuses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import MISSING, fields
from enum import Enum
from functools import cache, reduce
from itertools import groupby
from operator import call, or_
from types import NoneType
from typing import Annotated, Any, ClassVar, Literal, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct, defstruct
from msgspec.json import Decoder

from domain.claims import KINDS, Claim
from domain.credibility import Credibility
from domain.events import (
    Event,
    PlaceRegistered,
    Recorded,
    ReportAssessed,
    ReportCorrected,
    ReportFiled,
    ReportRetracted,
    Run,
    runs,
    stream_of,
)
from domain.redacted import Redacted, Words
from domain.when.instant import BEGINNING, END
from domain.when.window import Occurred
from event_store.codec import NAMES, decode
from event_store.entry import Row
from event_store.faults import Damaged
from event_store.log import PAGE, Log
from event_store.places import read_place

Instant = Annotated[int, Meta(ge=BEGINNING, le=END)]


class Form(Struct, frozen=True):
    """The form of a dataclass of the domain: the same fields under the same names, as they are written."""

    domain: ClassVar[type]
    graded: ClassVar[frozenset[str]]
    """The fields that hold a grade, by its word."""

    def made(self) -> Any:
        """The domain's own."""
        return self.domain(**{name: self._made(name, getattr(self, name)) for name in self.__struct_fields__})

    def _made(self, name: str, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(self._made(name, each) for each in value)
        if isinstance(value, Form | Written):
            return value.made()
        return Credibility.of(value) if name in self.graded and value is not None else value


class Written(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The form of an Occurred, as the codec writes it: open ends are None."""

    text: str
    earliest: Instant | None
    latest: Instant | None
    core: tuple[Instant | None, Instant | None] | None = None

    def __post_init__(self) -> None:
        """Refuse what an Occurred refuses; the codec says what it is."""
        earliest, latest = self.earliest, self.latest
        if latest is None:
            if earliest is None or earliest == BEGINNING:
                raise ValueError("open at both ends")
        elif earliest is not None and latest < earliest:
            raise ValueError("it ends before it begins")

    def made(self) -> Occurred:
        core = self.core and (_start(self.core[0]), self.core[1])
        return Occurred(self.text, _start(self.earliest), self.latest, core)


def _start(instant: int | None) -> int:
    return BEGINNING if instant is None else instant


def _typed(hint: Any) -> Any:
    """The type, as it is written, of a field of the domain."""
    if hint is Claim:
        kinds: list[Any] = list(KINDS.values())
        return reduce(or_, map(_form, kinds))
    if hint is Occurred:
        return Written
    if hint is Credibility:
        return Literal[tuple(grade.word for grade in Credibility)]
    if get_origin(hint) is tuple:
        return tuple[_typed(get_args(hint)[0]), ...]  # type: ignore[misc]
    if hint == Words:
        return str  # what was erased the codec reads
    if NoneType in get_args(hint):
        return reduce(or_, (_typed(each) for each in get_args(hint) if each not in (NoneType, Redacted))) | None
    return hint if hint in (str, int) or issubclass(hint, Enum) else _form(hint)


@cache
def _form(kind: Any) -> Any:
    hints = get_type_hints(kind)
    hints = {each.name: hints[each.name] for each in fields(kind)}
    given = {each.name: each.default for each in fields(kind) if each.default is not MISSING}
    graded = frozenset(name for name, hint in hints.items() if Credibility in (hint, *get_args(hint)))
    claim: dict[str, Any] = {"tag_field": "kind", "tag": kind.kind} if issubclass(kind, Claim) else {}
    return defstruct(
        kind.__name__,
        [(name, _typed(hint), given[name]) if name in given else (name, _typed(hint)) for name, hint in hints.items()],
        bases=(Form,),
        namespace={"domain": kind, "graded": graded} | ({"kind": kind.kind} if issubclass(kind, Claim) else {}),
        rename={name: name.rstrip("_") for name in hints if name.endswith("_")},
        kw_only=True,
        frozen=True,
        forbid_unknown_fields=True,
        gc=False,
        **claim,
    )


_PLACE = NAMES[PlaceRegistered]
_KINDS = (ReportFiled, ReportCorrected, ReportAssessed, ReportRetracted)
_KIND: dict[str, type[Event]] = {NAMES[kind]: kind for kind in _KINDS}
_READ = {NAMES[kind]: Decoder(_form(kind)).decode for kind in _KINDS}


class Gists:
    """Rows of the log, read as they are come to. That raises Damaged where `log.read` would."""

    def __init__(self, rows: Sequence[Row], after: int) -> None:
        """The rows that stand after a position."""
        self._rows = rows
        self._after = after

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, some: slice) -> Gists:
        start, _, _ = some.indices(len(self))
        return Gists(self._rows[some], self._after + start)

    def __iter__(self) -> Iterator[Run | Recorded]:
        """Events of reports in runs, as far as they can be read at once; what is registered by itself."""
        if not self._rows:
            return
        try:
            run = _run(self._rows, self._after + 1)
        except (KeyError, TypeError, ValueError, OverflowError):
            yield from self._apart()
        else:
            yield run

    def _apart(self) -> Iterator[Run | Recorded]:
        """What the codec reads, one by one, and what lies between in runs; where one of these fails, in its halves."""
        start, half = 0, len(self) // 2
        for name_is_read, group in groupby(row[3] in _READ for row in self._rows):
            end = start + len([*group])
            if not name_is_read or len(self) == 1:
                for position, row in enumerate(self._rows[start:end], self._after + start + 1):
                    yield from runs([_recorded(row, position)])
            elif end - start < len(self):
                yield from self[start:end]
            else:
                yield from self[:half]
                yield from self[half:]
            start = end


def _run(rows: Sequence[Row], first: int) -> Run:
    """Raises an error for rows of which any is another than it should be, or none of those that are read so."""
    positions, recorded_at, versions, names, data = zip(*rows, strict=True)
    read = [_READ[name] for name in names]
    if positions != tuple(range(first, first + len(rows))):
        raise ValueError("a position is missing")
    if type(sum(recorded_at)) is not int or type(sum(versions)) is not int:  # a column's type is but a hint
        raise TypeError("there is something that is no integer")
    events = list(map(call, read, data))
    return Run(first, recorded_at, versions, [_KIND[name] for name in names], events)


def _recorded(row: Row, expected: int) -> Recorded:
    """By the codec. Raises Damaged for one that can't be read, or stands elsewhere."""
    position, recorded_at, version, name, data = row
    if position != expected:
        raise Damaged(expected, f"it is missing: the next one stands at position {position}")
    try:
        event = _registered(name, data) or decode(name, data)
    except ValueError as error:
        raise Damaged(position, f"it can't be read: {error}") from error
    if type(recorded_at) is not int or type(version) is not int:
        raise Damaged(position, "its version or its recording time is no number")
    return Recorded(position, recorded_at, stream_of(event), version, event)


def _registered(name: str, data: bytes) -> Event | None:
    """A place that was registered; None for what the codec has to read."""
    if name == _PLACE:
        with suppress(ValueError):
            return read_place(data)
    return None


def read_gists(log: Log, after: int, limit: int = PAGE) -> Gists:
    """What `log.read` gives, read faster. Raises what that raises."""
    rows = log.rows(after, limit)
    if len(rows) < limit:
        log.read(after + len(rows), 1)  # says whether the log's end is missing
    return Gists(rows, after)
