"""What reports claim of who held what, in columns: a row for each control claim, in the order of the log."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

from domain.claims import Control, Effect
from domain.control.statement import Statement
from domain.credibility import Credibility
from projections.claimed import Claimed, Contents
from projections.columns import INSTANT, Columns
from projections.numbers import Numbers, Parties
from projections.parts import Parts
from projections.windows import all_ends, core

_CONTROL = Control.kind
_EFFECTS = tuple(Effect)
_NUMBER = {effect: number for number, effect in enumerate(_EFFECTS)}
_LASTING = {_NUMBER[Effect.HOLDS], _NUMBER[Effect.CONTESTS]}
_AT_ONCE = 50_000
"""So many rows are put to their places at once, if nobody asks before, in three milliseconds: with few at a time it
takes longer to come to what is kept of each place than to put a row there."""

_SPAN = 8
"""Added to the number of an effect where the claim is a span."""


class Read(NamedTuple):
    """What tellings claim of control, by column, how many such claims there are by the end of each, and the rest."""

    control: tuple[list[int], ...]
    ends: list[int]
    others: list[Claimed]


class Statements:
    """Rows are numbered 0, 1, 2, …; a telling's stand together."""

    def __init__(self) -> None:
        self.places: Numbers[str] = Numbers()
        self._ends = array("I")  # how many rows there are up to the end of each telling
        self._forces = Parties()
        self._rows = Columns(telling="I", index="I", place="I", forces="I", effect="B", e=INSTANT, l=INSTANT)
        self.telling = self._rows["telling"]
        """The telling of each row."""
        self._place = self._rows["place"]
        self._about: list[array[int]] = []  # by place: its rows, of the first so many of all
        self._found = 0

    def read(self, contents: Contents, first: int) -> Read:
        """What tellings claim, numbered from the first on. Raises Wrong for a window that ends before it begins."""
        control, so_far, others = list[Claimed](), list[int](), list[Claimed]()
        for telling, (report, recorded_at) in enumerate(zip(*contents, strict=True), first):
            index = 0  # to count by hand takes less than another `enumerate`
            for claim in report.claims:
                to = control if claim.kind == _CONTROL else others
                to.append((telling, index, claim, claim.occurred or report.occurred, recorded_at))
                index += 1  # noqa: SIM113
            so_far.append(len(control))
        return Read(self._columns(control) if control else (), so_far, others)

    def _columns(self, control: Sequence[Claimed]) -> tuple[list[int], ...]:
        """By column, since to go through columns takes less than to make row after row."""
        tellings, indices, claims, occurred, recorded_at = zip(*control, strict=True)
        e, l = all_ends(occurred, recorded_at)  # noqa: E741
        effects = [_NUMBER[claim.effect] for claim in claims]
        for i in [i for i, each in enumerate(occurred) if each.core is not None and effects[i] in _LASTING]:
            surely = core(occurred[i], recorded_at[i])
            if surely is not None:
                (e[i], l[i]), effects[i] = surely, effects[i] + _SPAN
        places, forces = self.places, self._forces
        return (
            list(tellings),
            list(indices),
            [places[claim.place] for claim in claims],
            [forces[claim.forces] for claim in claims],
            effects,
            e,
            l,
        )

    def take(self, read: Read) -> None:
        """The next tellings."""
        before = len(self._rows)
        self._ends.fromlist([before + each for each in read.ends])
        if read.control:
            self._rows.extend(*read.control)
        if len(self._rows) - self._found >= _AT_ONCE:
            self._find()

    def _find(self) -> None:
        """Put the rows that have come in since to those about their places."""
        about, found = self._about, self._found
        about.extend([array("I") for _ in range(len(self.places.known) - len(about))])
        for row, place in enumerate(self._place[found:], found):
            about[place].append(row)
        self._found = len(self._place)

    def rows_about(self, place: str) -> array[int]:
        """The rows about a place, in the order of the log."""
        number = self.places.get(place)
        if number is None:
            return array("I")
        if self._found < len(self._place) or len(self._about) <= number:
            self._find()
        return self._about[number]

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

    def rows_of(self, telling: int, place: int) -> list[int]:
        """The rows of a telling that are about a place, by its number."""
        places = self._place
        return [row for row in self.rows(telling) if places[row] == place]

    def places_of(self, telling: int) -> array[int]:
        """The numbers of the places that a telling is about."""
        return self._place[self._ends[telling - 1] if telling else 0 : self._ends[telling]]

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
        self._find()
