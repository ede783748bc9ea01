"""The whole map: an answer for every place that is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.control.answer import Answer
from domain.control.chains.cells import Cell
from domain.place import Place
from projections.control import ControlProjection
from service.answers import Json, answer_json
from service.narrowing import Narrowing
from service.question import Question


@dataclass(frozen=True, slots=True)
class Map:
    """The places that are wanted, by id and in its order, and the answer about each at an instant as it is kept."""

    at: int
    places: Mapping[str, Place]
    cells: Sequence[Cell]

    def __iter__(self) -> Iterator[tuple[Place, Answer]]:
        return ((place, cell.at(self.at)) for place, cell in zip(self.places.values(), self.cells, strict=True))

    def as_json(self, evidence: int | None = None) -> Json:
        return {"places": [answer_json(answer, evidence) for _, answer in self]}


def steps(
    control: ControlProjection, question: Question, at: int, known_at: int, wanted: Narrowing
) -> Iterator[Map | None]:
    """The map of what is known at a position; before it, None for each step on the way."""
    places = control.ordered(known_at)
    if wanted.by_place:
        places = {id: place for id, place in places.items() if wanted.place(place)}
    inquiry = control.inquire(known_at, question.policy)
    cells: list[Cell] = []
    for found in inquiry.cells(places, at, by_side=question.by_side):
        cells += found
        yield None
    if wanted.by_answer:
        alignments = control.alignments(known_at)

        def wants(id: str, cell: Cell) -> bool:
            # whoever holds it does so by the forces themselves, however they are shown
            own = inquiry.cell(id, at) if wanted.holder and question.by_side else cell
            return wanted.holds(own.answer, at, alignments) and wanted.answer(cell.answer, at, alignments)

        left = {id: cell for id, cell in zip(places, cells, strict=True) if wants(id, cell)}
        places, cells = {id: places[id] for id in left}, list(left.values())
    yield Map(at, places, cells)


def whole_map(control: ControlProjection, question: Question, at: int, known_at: int, wanted: Narrowing) -> Map:
    """The same at once."""
    return next(found for found in steps(control, question, at, known_at, wanted) if found)
