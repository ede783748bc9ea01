"""From an event to what it is found by: pure, so that the same log always makes the same tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from domain.claims import Names, Reference
from domain.events import Event, ForceRegistered, PlaceRegistered, ReportCorrected, ReportFiled, SourceRegistered
from domain.force import Force
from domain.place import Place
from domain.redacted import words_left
from domain.report import Report
from domain.source import Source
from projections.chronology.likeness import FORCES, alike
from projections.chronology.link import link
from projections.folding import words

BREAK = " · "
"""Between names, so that no phrase runs on from one into the next: a word that nobody can ask for."""

LONGEST = 4000
"""Signs of a word. Nobody can ask for more, though folding makes more of some signs; FTS5 would cut at 32,768 bytes."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A registered thing by its link (`place:hama`): its names in folded words, and the links of the places around it.

    A thing is registered once, after what it lies in, and never changes: so neither does what is worked out here.
    """

    link: str
    words: str
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What one content of a report is found by.

    `links` are the things it names, with all that its places lie in, and its claims' kinds; `windows` are pairs of
    instants; `text` and `names` are words, of its text and of what it names.
    """

    links: frozenset[str]
    windows: frozenset[tuple[int, int]]
    likenesses: frozenset[str]
    text: str
    names: str


Known = Callable[[str], Thing | None]
"""The thing of a link, if there is one."""


def thing_of(event: Event, known: Known) -> Thing | None:
    """The thing that an event registers, if it registers one."""
    match event:
        case PlaceRegistered(place):
            parent = known(link("place", place.parent)) if place.parent is not None else None
            return Thing(link("place", place.id), _names(place), (parent.link, *parent.above) if parent else ())
        case ForceRegistered(force):
            return Thing(link("force", force.id), _names(force))
        case SourceRegistered(source):
            return Thing(link("source", source.id), _names(source))
        case _:
            return None


def _names(thing: Place | Force | Source) -> str:
    return _apart((thing.name, *(() if isinstance(thing, Source) else thing.aliases)))


def _apart(names: Iterable[str]) -> str:
    return BREAK.join(" ".join(word[:LONGEST] for word in words(name)) for name in names)


def entry_of(report: Report, references: Sequence[Reference], recorded_at: int, known: Known) -> Entry:
    """What a content is found by; `references` are the report's, `recorded_at` closes its open windows."""
    own = report.occurred.window(recorded_at)
    links = {link("kind", claim.kind) for claim in report.claims}
    of_things: dict[str, None] = {}  # every thing that it names, by its link
    of_claims: list[list[Reference]] = [[] for _ in report.claims]
    for each in references:
        found = links_of(each)
        of_things |= dict.fromkeys(found)
        links.update(found[:1])  # who denies something may be a source: a denial is no report by that source
        if each.path[0] == "claims":
            of_claims[int(each.path[1])].append(each)
    things = [thing for found_link in of_things if (thing := known(found_link))]
    windows = [claim.occurred.window(recorded_at) if claim.occurred else own for claim in report.claims]
    return Entry(
        links=frozenset(links).union(*(thing.above for thing in things)),
        windows=frozenset((window.earliest, window.latest) for window in (own, *windows)),
        likenesses=frozenset(map(alike, report.claims, of_claims, windows)),
        text=_apart([words_left(report.text) or ""]),
        names=BREAK.join(thing.words for thing in things),
    )


def named(event: Event) -> Iterator[Reference]:
    """Every thing that has to be known to work out what it brings."""
    match event:
        case PlaceRegistered(Place(parent=str(parent))):
            yield Reference(Names.PLACE, parent, ("parent",))
        case ReportFiled(report=report) | ReportCorrected(report=report):
            yield from report.references()


def links_of(reference: Reference) -> tuple[str, ...]:
    """What the id may be of, first what filters find it by."""
    return _links(reference.names, reference.id)


@lru_cache(maxsize=100_000)
def _links(names: Names, id: str) -> tuple[str, ...]:
    found = []
    if names is Names.PLACE:
        found.append(link("place", id))
    if names in FORCES:
        found.append(link("force", id))
    if names in (Names.SOURCE, Names.FORCE_OR_SOURCE):
        found.append(link("source", id))
    return tuple(found)
