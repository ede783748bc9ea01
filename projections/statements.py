"""What reports claim of who held what, in columns: a row for each control claim, in the order of the log."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from domain.claims import Control, Effect
from domain.control.statement import Statement
from domain.credibility import Credibility
from projections.claimed import Claimed, Content
from projections.columns import Columns
from projections.numbers import Numbers, Parties
from projections.parts import Parts
from projections.windows import core, ends

_CONTROL = Control.kind
_EFFECTS = tuple(Effect)
_EFFECT = {effect: number for number, effect in enumerate(_EFFECTS)}
_LASTING = {_EFFECT[Effect.HOLDS], _EFFECT[Effect.CONTESTS]}
_SPAN = 8
"""Added to the number of an effect where the claim is a span."""


class Read(NamedTuple):
    """What tellings claim: rows of control, how many of them there are up to the end of each telling, and the rest."""

    rows: list[tuple[int, ...]]
    ends: list[int]
    others: list[Claimed]


class Statements:
    """Rows are numbered 0, 1, 2, …; a telling's stand together."""

    def __init__(self) -> None:
        self.places: Numbers[str] = Numbers()
        self.about: list[array[int]] = []
        """The rows about each place, by its number."""
        self._ends = array("I")  # how many rows there are up to the end of each telling
        self._forces = Parties()
        self._rows = Columns(telling="I", index="I", place="I", forces="I", effect="B", e="q", l="q")
        self.telling = self._rows["telling"]
        """The telling of each row."""

    def read(self, contents: Sequence[Content], first: int) -> Read:
        """What tellings claim, numbered from the first on. Raises Wrong for a window that ends before it begins."""
        places, forces = self.places, self._forces
        rows, so_far, others = read = Read([], [], [])
        for telling, (content, recorded_at) in enumerate(contents, first):
            for index, claim in enumerate(content.claims):
                occurred = claim.occurred or content.occurred
                if claim.kind != _CONTROL:
                    others.append((telling, index, claim, occurred, recorded_at))
                    continue
                e, l, effect = occurred.earliest, occurred.latest, _EFFECT[claim.effect]  # noqa: E741
                if e is None or l is None or occurred.core is not None:
                    e, l, effect = _closed(occurred, recorded_at, effect)  # noqa: E741
                rows.append((telling, index, places[claim.place], forces[claim.forces], effect, e, l))
            so_far.append(len(rows))
        return read

    def take(self, read: Read) -> None:
        """The next tellings."""
        before = len(self._rows)
        self._ends.fromlist([before + each for each in read.ends])
        self._rows.extend_rows(read.rows)
        self._find([place for _, _, place, _, _, _, _ in read.rows])

    def _find(self, places: Sequence[int]) -> None:
        """Put the last rows, of these places, to those about their places."""
        about = self.about
        about.extend(array("I") for _ in range(len(self.places.known) - len(about)))
        for row, place in enumerate(places, len(self._rows) - len(places)):
            about[place].append(row)

    def rows_about(self, place: str) -> array[int]:
        """The rows about a place, in the order of the log."""
        number = self.places.get(place)
        return array("I") if number is None else self.about[number]

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def places_since(self, row: int) -> set[int]:
        """The numbers of the places that rows are about, from one on."""
        return set(self._rows["place"][row:])

    def rows(self, telling: int) -> range:
        """The rows of a telling."""
        return range(self._ends[telling - 1] if telling else 0, self._ends[telling])

    def statement(self, row: int, report: str, grade: Credibility) -> Statement:
        """The claim of a row, of the report with that id, as it is graded."""
        _, index, place, forces, effect, e, l = self._rows.row(row)  # noqa: E741
        return Statement(
            report,
            index,
            self.places.known[place],
            self._forces.known[forces],
            _EFFECTS[effect % _SPAN],
            grade,
            frozenset(),
            e,
            l,
            effect >= _SPAN,
        )

    def place(self, row: int) -> int:
        """The number of the place that a row is about."""
        return self._rows["place"][row]

    def places_of(self, telling: int) -> Iterable[int]:
        """The numbers of the places that a telling is about."""
        rows = self.rows(telling)
        return self._rows["place"][rows.start : rows.stop]

    def parts(self) -> Parts:
        return {
            "statements.places": self.places.known,
            "statements.sides": self._forces.known,
            "statements.ends": self._ends,
            **self._rows.parts("statements"),
        }

    def restored(self) -> None:
        """Work out what follows from the parts, once they were read."""
        self.places.restore(str)
        self._forces.restore(tuple)
        self._find(self._rows["place"])


def _closed(occurred: Any, recorded_at: int, effect: int) -> tuple[int, int, int]:
    """Its window, closed at the recording where it is open, and the number of its effect."""
    surely = core(occurred, recorded_at) if effect in _LASTING else None
    return (*ends(occurred, recorded_at), effect) if surely is None else (*surely, effect + _SPAN)
