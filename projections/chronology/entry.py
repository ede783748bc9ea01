"""From an event to what it is found by: pure, so that the same log always makes the same tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from domain.claims import KINDS, Names
from domain.events import Event, ForceRegistered, PlaceRegistered, SourceRegistered
from domain.force import Force
from domain.place import Place
from domain.redacted import words_left
from domain.source import Source
from projections.chronology.likeness import FORCES, alike
from projections.chronology.link import link
from projections.folding import spaced
from projections.windows import ends

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


class Entry(NamedTuple):
    """What one content of a report is found by.

    `links` are the things it names, with all that its places lie in, and its claims' kinds; `windows` are pairs of
    instants; `text` and `names` are words, of its text and of what it names.
    """

    links: Set[str]
    windows: Set[tuple[int, int]]
    likenesses: Set[str]
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
    return BREAK.join(map(_folded, names))


def _folded(text: str) -> str:
    found = spaced(text)
    return found if len(found) <= LONGEST else " ".join(word[:LONGEST] for word in found.split())


class Mentioned(NamedTuple):
    """What a content names: the links that each thing may have, and for each claim its places and its forces."""

    links: list[tuple[str, ...]]
    claims: list[tuple[list[str], list[str]]]


def mentioned(content: Any) -> Mentioned:
    """What a report names, or its gist."""
    links, claims = found = Mentioned([], [])
    for each in content.sources:
        links.append(links_of(Names.SOURCE, each.source))
        if each.origin is not None:
            links.append(links_of(Names.SOURCE, each.origin))
    for claim in content.claims:
        of: dict[bool | None, list[str]] = {True: [], False: [], None: []}
        for name, names, is_place in _ID_FIELDS[claim.kind]:
            value = getattr(claim, name)
            for id in (value,) if isinstance(value, str) else value or ():
                links.append(links_of(names, id))
                of[is_place].append(id)
        claims.append((of[True], of[False]))
    return found


def _is_place(names: Names) -> bool | None:
    """Whether an id is a place's; None where it is that of a thing which makes no claim alike."""
    return True if names is Names.PLACE else False if names in FORCES else None


_ID_FIELDS = {
    name: [
        (each.name, each.metadata["names"], _is_place(each.metadata["names"]))
        for each in fields(kind)
        if "names" in each.metadata
    ]
    for name, kind in KINDS.items()
}
"""By kind: the fields with ids, in the order of `Claim.references`."""

_KIND_LINKS = {kind: link("kind", kind) for kind in KINDS}


def entry_of(content: Any, named: Mentioned, recorded_at: int, known: Known) -> Entry:
    """What a report, or its gist, is found by; `recorded_at` closes open windows. Raises Wrong where one can't be."""
    claims = content.claims
    things = [thing for link in dict.fromkeys(chain.from_iterable(named.links)) if (thing := known(link))]
    links = {each[0] for each in named.links if each}  # the first: a denial by a source is no report by that source
    links.update([_KIND_LINKS[claim.kind] for claim in claims], *[thing.above for thing in things if thing.above])
    own = ends(content.occurred, recorded_at)
    windows = [own if each.occurred is None else ends(each.occurred, recorded_at) for each in claims]
    alikes = [alike(each.kind, *of, *at) for each, of, at in zip(claims, named.claims, windows, strict=True)]
    text = _folded(words_left(content.text) or "")
    return Entry(links, {own, *windows}, set(alikes), text, BREAK.join([thing.words for thing in things]))


@lru_cache(maxsize=100_000)
def links_of(names: Names, id: str) -> tuple[str, ...]:
    """What the id may be of, first what filters find it by."""
    found = []
    if names is Names.PLACE:
        found.append(link("place", id))
    if names in FORCES:
        found.append(link("force", id))
    if names in (Names.SOURCE, Names.FORCE_OR_SOURCE):
        found.append(link("source", id))
    return tuple(found)
