"""What is different between two answers: of two instants, of two knowledge times, or under two policies."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping
from dataclasses import dataclass, replace

from domain.control.answer import Answer, JoinsBy
from domain.control.inquiry import Inquiry
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
    inquiry, places = control.inquire(known_at, view.policy), _places(control, view, known_at)
    at_start = yield from _shown(inquiry, view, places, start)
    at_end = yield from _shown(inquiry, view, places, end)
    for place, before, now in zip(places, at_start, at_end, strict=True):
        if before == now:
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
    known_before, places = _places(control, view, start), _places(control, view, end)
    shown_before = yield from _shown(before, view, known_before, at)
    shown_after = yield from _shown(after, view, places, at)
    was = dict(zip(known_before, shown_before, strict=True))
    revised = [place for place, shown in zip(places, shown_after, strict=True) if was.get(place) != shown]
    events: dict[str, list[Line]] = {place: [] for place in revised}
    for step in over_knowledge(control, outline, replace(view, places=frozenset(revised)), at, start, end):
        if step is not None and step.line is not None:
            for answer in step.answers:
                events[answer.place].append(step.line)
        yield None
    for place in revised:
        was_known = place in was
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
    places = _places(control, view, known_at)
    shown: list[list[JoinsBy]] = []
    for inquiry in inquiries.values():
        shown.append((yield from _shown(inquiry, view, places, at)))
    for place, *under_each in zip(places, *shown, strict=True):
        if len(set(under_each)) == 1:
            continue
        answers = {name: each.control(place, at, by_side=view.by_side) for name, each in inquiries.items()}
        yield Disagreement(place, answers)


def _places(control: ControlProjection, view: View, known_at: int) -> Collection[str]:
    """Those that are looked at, of those known, in order."""
    places = control.ordered(known_at)
    return places if view.places is None else view.of(places)


def _shown(inquiry: Inquiry, view: View, places: Collection[str], q: int) -> Generator[None, None, list[JoinsBy]]:
    """What is shown of each of the places at an instant, a step at a time."""
    found: list[JoinsBy] = []
    for some in inquiry.all_joins_by(places, q, by_side=view.by_side):
        found += some
        yield None
    return found
