"""The whole map: an answer for every place that is wanted."""

from __future__ import annotations

from collections.abc import Iterator

from domain.control.answer import Answer
from domain.place import Place
from projections.control import ControlProjection
from service.answers import Json, answer_json
from service.narrowing import Narrowing
from service.question import Question

Rows = list[tuple[Place, Answer]]


def rows(
    control: ControlProjection, question: Question, at: int, known_at: int, wanted: Narrowing
) -> Iterator[tuple[Place, Answer] | None]:
    """The places known at a position and their answers at an instant, by place id; None for one that is not wanted."""
    inquiry = control.inquire(known_at, question.policy)
    alignments = control.alignments(known_at)
    for id, place in sorted(control.settlements(known_at).places.items()):
        if not wanted.place(place) or (wanted.holder and not wanted.holds(inquiry.control(id, at), at, alignments)):
            yield None  # whoever holds it does so by the forces themselves, however they are shown
            continue
        answer = inquiry.control(id, at, by_side=question.by_side)
        yield (place, answer) if wanted.answer(answer, at, alignments) else None


def as_json(found: Rows, evidence: int | None = None) -> Json:
    return {"places": [answer_json(answer, evidence) for _, answer in found]}
