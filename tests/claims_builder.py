"""Control claims written as control.md §8 writes them: small numbers as times, single letters as forces and sources.

Claims are separated by `;`, and each is

    [place] effect forces window [grade] [by voices] [as report]

The place is `town` unless said, and forces go with commas: `quarter takes A,B [5..8] doubtful by s,t as x`. A window is
`5`, `[5..8]`, `[..8]`, `[5..]`, `5/8`, `../8`, `5/..`, or has vague ends, `0-3/5-8`. A voice is `s`, with its origin
`s<o` and with when it was published, `s@4`. Reports are r1, r2, … by their order unless named; claims of one name are
of one report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from domain.alignments import Alignment, Alignments
from domain.claims import Control, Effect
from domain.control.answer import Answer
from domain.control.chains.inquiry import ChainInquiry
from domain.control.chains.ledger import Ledger
from domain.control.chains.relations import Relations
from domain.control.counting import count
from domain.control.knowledge import Account, Voice
from domain.control.plain import PlainInquiry
from domain.control.sharpening import sharpen
from domain.control.state import Shown, Status
from domain.control.statement import Statement, state
from domain.credibility import UNSAID, Credibility
from domain.events import Event, Recorded, stream_of
from domain.place import Place, PlaceKind
from domain.policy import LENSES, Policy
from domain.report import Citation, Report
from domain.settlements import Settlements
from domain.when.instant import BEGINNING, END
from domain.when.window import Occurred
from projections.control import ControlProjection
from projections.projections import Projections

RECORDED = 100
"""When everything is recorded: the end of what is open."""

PLACES: Mapping[str, tuple[str, str | None]] = {
    "town": ("town", None),
    "quarter": ("neighbourhood", "town"),
    "house": ("facility", "quarter"),
}
"""Each place's kind and parent."""

DEFAULT = LENSES["default"]
EVERYTHING = LENSES["everything"]

Edge = int | None


@dataclass(frozen=True)
class Said:
    """One claim, as read."""

    report: str
    place: str
    effect: Effect
    forces: tuple[str, ...]
    occurred: Occurred
    grade: Credibility | None
    voices: tuple[Voice, ...]


def read(text: str) -> list[Said]:
    parts = [part.split() for part in text.split(";") if part.strip()]
    return [_said(words, f"r{nth}") for nth, words in enumerate(parts, start=1)]


def _said(words: list[str], report: str) -> Said:
    effects = {effect.value for effect in Effect}
    place, words = ("town", words) if words[0] in effects else (words[0], words[1:])
    effect, forces, window, *options = words
    said = Said(report, place, Effect(effect), tuple(forces.split(",")), _occurred(window), None, ())
    rest = iter(options)
    for option in rest:
        if option == "by":
            said = replace(said, voices=tuple(_voice(voice) for voice in next(rest).split(",")))
        elif option == "as":
            said = replace(said, report=next(rest))
        else:
            said = replace(said, grade=Credibility.of(option))
    return said


def _voice(text: str) -> Voice:
    text, _, published = text.partition("@")
    source, _, origin = text.partition("<")
    return Voice(source, origin or source, int(published) if published else None)


def _occurred(text: str) -> Occurred:
    if text.startswith("["):
        first, second = text[1:-1].split("..")
        return Occurred(text, int(first) if first else BEGINNING, int(second) if second else None)
    if "/" not in text:
        return Occurred(text, int(text), int(text))
    first, second = text.split("/")
    begin = (BEGINNING, BEGINNING) if first == ".." else _vague(first)
    end = (None, None) if second == ".." else _vague(second)
    return Occurred(text, begin[0], end[1], (begin[1], end[0]))


def _vague(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def _alignments(text: str) -> Iterator[Alignment]:
    """`D with A`, `D with A 5..9`, either end open; separated by `;`."""
    for part in filter(str.strip, text.split(";")):
        force, _, other, *span = part.split()
        start, end = span[0].split("..") if span else ("", "")
        yield Alignment(force, other, int(start) if start else BEGINNING, int(end) if end else END)


class Ledgers:
    """What counts of it under a policy."""

    def __init__(self, told: Told, policy: Policy) -> None:
        self._told = told
        self._policy = policy

    def ledger(self, place: str) -> Ledger:
        return Ledger.of(self._told.accounts(place), self._told, self._policy)


class Told:
    """What is known, all of it; a Knowledge for the rules."""

    def __init__(
        self,
        claims: str,
        *,
        aligned: str = "",
        affiliated: Mapping[str, str] | None = None,
        places: Mapping[str, tuple[str, str | None]] = PLACES,
    ) -> None:
        self.settlements = Settlements(
            Place(id, id, PlaceKind(kind), parent) for id, (kind, parent) in sorted(places.items())
        )
        self.alignments = Alignments(_alignments(aligned))
        self.relations = Relations(self.alignments)
        self.position = 0
        self._affiliated = affiliated or {}
        self._statements: list[Statement] = []
        self._voices: dict[str, tuple[Voice, ...]] = {}
        for said in read(claims):
            self._voices[said.report] = self._voices.get(said.report, ()) + said.voices
            index = sum(each.report == said.report for each in self._statements)
            claim = Control(place=said.place, forces=said.forces, effect=said.effect)
            window = said.occurred.window(RECORDED)
            self._statements.append(state(said.report, index, claim, window, said.grade or UNSAID))

    def accounts(self, place: str) -> Iterator[Account]:
        for report, voices in self._voices.items():
            found = tuple(each for each in self._statements if (each.report, each.place) == (report, place))
            if found:
                yield Account(report, voices, found)

    def affiliation(self, source: str) -> str | None:
        return self._affiliated.get(source)

    def answer(self, q: int, place: str = "town", policy: Policy = DEFAULT, *, by_side: bool = False) -> Answer:
        found = PlainInquiry(self, policy).control(place, q, by_side=by_side)
        assert ChainInquiry(self, Ledgers(self, policy)).control(place, q, by_side=by_side) == found
        return found

    def shows(self, q: int, place: str = "town", policy: Policy = DEFAULT, *, by_side: bool = False) -> str:
        """What is shown, in words."""
        return in_words(self.answer(q, place, policy, by_side=by_side))

    def since(self, q: int, place: str = "town", policy: Policy = DEFAULT) -> tuple[Edge, Edge] | None:
        since = self.answer(q, place, policy).since
        return None if since is None else (_edge(since.earliest), _edge(since.latest))

    def timeline(self, now: int, place: str = "town", *, by_side: bool = False) -> list[tuple[Edge, Edge, str]]:
        """Where each segment starts and ends, and what it shows."""
        segments = PlainInquiry(self, DEFAULT).timeline(place, now, by_side=by_side)
        assert ChainInquiry(self, Ledgers(self, DEFAULT)).timeline(place, now, by_side=by_side) == segments
        return [(_edge(each.start), each.end, in_words(each.answer)) for each in segments]

    def segments(self, now: int, place: str = "town") -> list[Answer]:
        return [each.answer for each in PlainInquiry(self, DEFAULT).timeline(place, now)]

    def windows(self, policy: Policy = DEFAULT) -> dict[str, tuple[int, int]]:
        """[e, l] of each report's last counted claim about the town, sharpened."""
        counted = count(self, "town", policy).counted
        return {each.report: (each.e, each.l) for each in sharpen(counted, self.alignments)}


def in_words(answer: Answer) -> str:
    """As control.md §8 puts it: `held A B`, `disputed, held A, challenged by nobody`, `contested, parties A B`."""
    if answer.before is None or answer.after is None:
        return _words(answer.shown)
    assert answer.status is Status.CHANGING
    return f"changing from {_words(answer.before)} to {_words(answer.after)}"


def _words(shown: Shown) -> str:
    holders, parties = " ".join(shown.holders), " ".join(shown.parties)
    if shown.status is Status.HELD and not parties and shown.challenger is None:
        return f"held {holders}"
    words = [shown.status.value]
    words += [f"held {holders}"] * bool(holders)
    words += [f"challenged by {' '.join(shown.challenger or ('nobody',))}"] * (shown.challenger is not None)
    words += [f"parties {parties}"] * bool(parties)
    return ", ".join(words)


def _edge(instant: Edge) -> Edge:
    return None if instant == BEGINNING else instant


def content(claims: str) -> Report:
    """A report's content; its grade is its first claim's, its sources are all its claims'."""
    said = read(claims)
    voices = [voice for each in said for voice in each.voices]
    return Report(
        text=claims,
        occurred=said[0].occurred,
        credibility=said[0].grade,
        sources=tuple(Citation(voice.source, origin=voice.origin) for voice in voices),
        claims=tuple(
            Control(place=each.place, forces=each.forces, effect=each.effect, occurred=each.occurred) for each in said
        ),
    )


def followed(*events: Event) -> ControlProjection:
    """A projection that has followed these events, at positions 1, 2, 3, …, each recorded at RECORDED more."""
    projections = Projections()
    versions: dict[str, int] = {}
    for position, event in enumerate(events, start=1):
        stream = stream_of(event)
        versions[stream] = versions.get(stream, 0) + 1
        projections.apply([Recorded(position, RECORDED + position, stream, versions[stream], event)])
    return projections.control
