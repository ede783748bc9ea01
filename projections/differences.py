"""What is different between two answers: of two instants, of two knowledge times, or under two policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from domain.control.answer import Answer
from domain.policy import Policy
from projections.control import ControlProjection
from projections.outline import Line, Outline
from projections.picture import View
from projections.replay import over_knowledge


@dataclass(frozen=True, slots=True)
class Change:
    """A place whose answer is another; `reports` are those whose windows begin or end where it changed in between."""

    place: str
    before: Answer
    after: Answer
    reports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """A place of which something else came to be thought; `events` are those that changed its answer in between.

    `before` is None for a place that was not known then.
    """

    place: str
    before: Answer | None
    after: Answer
    events: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A place on which policies differ: the answer under each, by name."""

    place: str
    answers: Mapping[str, Answer]


def changes(control: ControlProjection, view: View, known_at: int, start: int, end: int) -> Iterator[Change | None]:
    """What changed in the world between two instants, by place; None for a step that finds nothing."""
    inquiry = control.inquire(known_at, view.policy)
    for place in view.of(control.settlements(known_at).places):
        before = inquiry.joins_by(place, start, by_side=view.by_side)
        if inquiry.joins_by(place, end, by_side=view.by_side) == before:
            yield None
            continue
        found: dict[str, None] = {}
        for q, after in inquiry.course(place, start, end + 1, by_side=view.by_side):
            if after != before:
                found |= dict.fromkeys(inquiry.turning(place, q))
            before = after
            yield None
        first, last = (inquiry.control(place, q, by_side=view.by_side) for q in (start, end))
        yield Change(place, first, last, tuple(found))


def revisions(
    control: ControlProjection, outline: Outline, view: View, at: int, start: int, end: int
) -> Iterator[Revision | None]:
    """What came to be thought of an instant between two positions, by place; None for a step that finds nothing."""
    before, after = control.inquire(start, view.policy), control.inquire(end, view.policy)
    known_before = control.settlements(start).places
    revised: list[str] = []
    for place in view.of(control.settlements(end).places):
        was = before.joins_by(place, at, by_side=view.by_side) if place in known_before else None
        if after.joins_by(place, at, by_side=view.by_side) != was:
            revised.append(place)
        yield None
    events: dict[str, list[Line]] = {place: [] for place in revised}
    for step in over_knowledge(control, outline, replace(view, places=frozenset(revised)), at, start, end):
        if step is not None and step.line is not None:
            for answer in step.answers:
                events[answer.place].append(step.line)
        yield None
    for place in revised:
        was_known = place in known_before
        yield Revision(
            place,
            before.control(place, at, by_side=view.by_side) if was_known else None,
            after.control(place, at, by_side=view.by_side),
            tuple(events[place]),
        )


def disagreements(
    control: ControlProjection, policies: Mapping[str, Policy], view: View, known_at: int, at: int
) -> Iterator[Disagreement | None]:
    """The places on which policies differ at an instant; None for one on which they don't."""
    inquiries = {name: control.inquire(known_at, policy) for name, policy in policies.items()}
    for place in view.of(control.settlements(known_at).places):
        shown = {inquiry.joins_by(place, at, by_side=view.by_side) for inquiry in inquiries.values()}
        if len(shown) == 1:
            yield None
            continue
        answers = {name: each.control(place, at, by_side=view.by_side) for name, each in inquiries.items()}
        yield Disagreement(place, answers)
