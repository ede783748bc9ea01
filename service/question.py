"""What is asked: the common parameters of every reading call, from the texts they are given in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.credibility import Credibility
from domain.faults import Unreadable, Wrong
from domain.policy import LENSES, Policy
from domain.slug import is_slug
from domain.when.instant import of_text
from domain.when.notation import read_instant
from projections.picture import View
from projections.projections import Projections
from service.forms.reading import read_given

POLICY = ("min_credibility", "sources", "exclude_sources", "published_by", "against_interest")
COMMON = ("at", "known_at", "lens", *POLICY, "by", "after_position", "evidence")
"""The parameters that every reading call about control takes."""

ReadInstant = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class KnownAt:
    """A knowledge time as it was asked for: a position, or an instant, or neither for the newest."""

    position: int | None = None
    instant: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """`at` is an instant, None for now. `evidence` is how many reports of each list are wanted, None for all."""

    at: int | None = None
    known_at: KnownAt = KnownAt()
    policy: Policy = LENSES["default"]
    by_side: bool = False
    after_position: int = 0
    evidence: int | None = None

    def view(self, places: frozenset[str] | None = None) -> View:
        """How a picture of these places (None: all) is looked at."""
        return View(self.policy, self.by_side, places)


def question(given: Mapping[str, str], instant: ReadInstant = read_instant) -> Question:
    """Read the common parameters; `instant` reads a time. Raises Several with every one that can't be read."""
    found = read_given(given, _READERS if instant is read_instant else _readers(instant))
    policy = found.get("lens", LENSES["default"])
    parts = {part: found[part] for part in POLICY if part in found}
    return Question(
        at=found.get("at"),
        known_at=found.get("known_at", KnownAt()),
        policy=replace(policy, **parts) if parts else policy,
        by_side="by" in found,
        after_position=found.get("after_position", 0),
        evidence=found.get("evidence"),
    )


def _readers(instant: ReadInstant) -> dict[str, Callable[[str], Any]]:
    return {
        "at": lambda text: read_time(text, instant),
        "known_at": lambda text: read_known_at(text, instant),
        "lens": lens,
        "min_credibility": _credibility,
        "sources": slugs,
        "exclude_sources": slugs,
        "published_by": lambda text: read_time(text, instant),
        "against_interest": lambda text: one_of("true", "false")(text.lower()) == "true",
        "by": one_of("side"),
        "after_position": whole_number,
        "evidence": _evidence,
    }


def policies(given: Mapping[str, str], lenses: Sequence[str], instant: ReadInstant = read_instant) -> dict[str, Policy]:
    """The policies to compare: each lens with what is given beside it. Raises Wrong for fewer than two."""
    if len(set(lenses)) < 2 or len(set(lenses)) < len(lenses):
        raise Wrong("two lenses or more are compared, each named once", ("lens",))
    return {lens: question({**given, "lens": lens}, instant).policy for lens in lenses}


def speed(given: str) -> float:
    """How many seconds of its own clock a replay plays in one. Raises Unreadable, or Wrong for none."""
    try:
        found = float(given)
    except ValueError:
        raise Unreadable(f"{given!r} is no number", 0) from None
    if not 0 < found <= 1e12:
        raise Wrong("speed is more than 0, and at most 1e12: seconds of the replay's clock in one second")
    return found


def resolve(known_at: KnownAt, projections: Projections, name: str = "known_at") -> int:
    """The position that a knowledge time is. Raises Wrong for a position that the log has not reached."""
    if known_at.instant is not None:
        return projections.outline.position_at(known_at.instant)
    if known_at.position is None:
        return projections.position
    if known_at.position > projections.position:
        raise Wrong(f"the log ends at position {projections.position}", (name,))
    return known_at.position


def is_fixed(known_at: KnownAt, projections: Projections) -> bool:
    """Whether no later event can come to stand at or before it.

    A position is; an instant only once something was recorded after it, for the next event is recorded no earlier.
    """
    if known_at.instant is None:
        return known_at.position is not None
    newest = projections.position
    return newest > 0 and known_at.instant < projections.outline.recorded_at(newest)


def lens(name: str) -> Policy:
    return LENSES[one_of(*LENSES)(name)]


def whole_number(text: str) -> int:
    """Raises Unreadable for anything but digits, and Wrong for more of them than any log has."""
    fault = next((i for i, sign in enumerate(text) if sign not in "0123456789"), None if text else 0)
    if fault is not None:
        raise Unreadable(f"{text!r} is no whole number", fault)
    if len(text) > 18:
        raise Wrong(f"{text} is too large a number")
    return int(text)


def page_size(most: int, what: str) -> Callable[[str], int]:
    """Reads how many of them a page is to have. Raises Wrong for none, or for more than that."""

    def read(text: str) -> int:
        number = whole_number(text)
        if not 1 <= number <= most:
            raise Wrong(f"a page is 1 to {most} {what}")
        return number

    return read


def one_of(*allowed: str) -> Callable[[str], str]:
    """Reads one of these words. Raises Wrong for any other."""

    def read(text: str) -> str:
        if text not in allowed:
            raise Wrong(f"{text!r} is none of: {', '.join(allowed)}")
        return text

    return read


def some_of(*allowed: str) -> Callable[[str], frozenset[str]]:
    """Reads a comma list of these words. Raises Wrong for any other."""
    return lambda text: frozenset(one_of(*allowed)(each) for each in text.split(","))


def slug(text: str) -> str:
    """Reads an id. Raises Wrong for what can't be one."""
    if not is_slug(text):
        raise Wrong(f"{text!r} is no id: lower-case letters, digits and -, 1 to 64 of them")
    return text


def slugs(text: str) -> frozenset[str]:
    """Reads a comma list of ids. Raises Wrong for one that can't be an id."""
    return frozenset(slug(each) for each in text.split(","))


_EDGES = ("0000-12-31T", "+10000-01-01T")


def read_time(text: str, instant: ReadInstant = read_instant) -> int:
    """Read an instant from an address; also one that we wrote of the day beside either end of years 0001 to 9999."""
    try:
        return of_text(text) if text.startswith(_EDGES) else instant(text)
    except Unreadable as fault:
        if " " in text[10:]:
            fault.detail += " (in an address, a + is written %2B)"
        raise


def read_known_at(text: str, instant: ReadInstant = read_instant) -> KnownAt:
    """Read a position of the log, or an instant."""
    if text and set(text) <= set("0123456789"):
        return KnownAt(position=whole_number(text))
    return KnownAt(instant=read_time(text, instant))


def _evidence(text: str) -> int:
    number = whole_number(text)
    if number < 1:
        raise Wrong("evidence is at least 1")
    return number


def _credibility(text: str) -> Credibility:
    return Credibility.of(one_of(*(grade.word for grade in Credibility))(text))


_READERS = _readers(read_instant)
