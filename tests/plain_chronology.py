"""The chronology in its plainest form, every report in memory and looked at each time: what the tables are held to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.claims import Claim, Names
from domain.events import Recorded, ReportFiled
from domain.history import Content, ReportHistory
from domain.report import Report
from domain.when.instant import BEGINNING, END
from domain.when.window import Window
from projections.chronology.likeness import likeness
from projections.folding import beginnings, words
from projections.registries import Registries

PLACES = frozenset({Names.PLACE})
FORCES = frozenset({Names.FORCE, Names.FORCE_OR_CIVILIANS, Names.FORCE_OR_SOURCE})
SOURCES = frozenset({Names.SOURCE, Names.FORCE_OR_SOURCE})


@dataclass(frozen=True)
class Filter:
    """Every part that is given must fit; ids as they are asked for."""

    place: str | None = None
    force: str | None = None
    source: str | None = None
    kind: str | None = None
    start: int = BEGINNING
    end: int = END
    q: str | None = None


class PlainChronology:
    def __init__(self) -> None:
        self.registries = Registries()
        self.histories: dict[str, ReportHistory] = {}

    def apply(self, recorded: Recorded) -> None:
        self.registries.apply(recorded)
        if recorded.stream.startswith("report:"):
            id = recorded.stream.removeprefix("report:")
            if isinstance(recorded.event, ReportFiled):
                self.histories[id] = ReportHistory(id)
            self.histories[id].add(recorded)

    def find(self, wanted: Filter, known_at: int, before: int | None = None) -> Iterator[tuple[str, int]]:
        """The reports that fit, each with the position of its filing, the newest filed first."""
        for id, history in reversed(self.histories.items()):
            content = history.content(known_at)
            if (
                content
                and (before is None or history.filed.position < before)
                and self._fits(wanted, content, known_at)
            ):
                yield id, history.filed.position

    def alike(self, likenesses: set[str], known_at: int) -> Iterator[str]:
        for id, history in self.histories.items():
            content = history.content(known_at)
            if content is None or history.retracted(known_at):
                continue
            if any(likeness(claim, window(content, claim)) in likenesses for claim in content.report.claims):
                yield id

    def _fits(self, wanted: Filter, content: Content, known_at: int) -> bool:
        report = content.report
        windows = [window(content, claim) for claim in (None, *report.claims)]
        under = self.registries.ever_under(wanted.force, known_at) if wanted.force else set()
        return (
            (wanted.place is None or bool(named(report, PLACES) & self.registries.below(wanted.place)))
            and (wanted.force is None or bool(named(report, FORCES) & under))
            and (wanted.source is None or any(wanted.source in (each.source, each.origin) for each in report.sources))
            and (wanted.kind is None or any(claim.kind == wanted.kind for claim in report.claims))
            and any(each.earliest <= wanted.end and wanted.start <= each.latest for each in windows)
            and (wanted.q is None or self._says(wanted.q, report))
        )

    def _says(self, q: str, report: Report) -> bool:
        """Whether every word of `q` occurs, and every phrase in one text or name; `fall*` is a word that so begins."""
        texts = [words(each) for each in (report.text, *self._names(report))]
        return all(
            any(within(unit, text) for unit in self._alternatives(phrase, word) for text in texts)
            for phrase, word in re.findall(r'"([^"]*)(?:"|$)|([^\s"]+)', q)
        )

    def _alternatives(self, phrase: str, word: str) -> list[list[str]]:
        if word.endswith("*"):
            return [[*words(word)[:-1], f"{each}*"] for each in beginnings(word)]
        return [words(phrase or word)]

    def _names(self, report: Report) -> Iterator[str]:
        for place in named(report, PLACES) & {each.thing.id for each in self.registries.places.entries()}:
            entry = self.registries.places.get(place)
            assert entry
            yield from (entry.thing.name, *entry.thing.aliases)
        for force in named(report, FORCES):
            if known := self.registries.forces.get(force):
                yield from (known.thing.name, *known.thing.aliases)
        for source in named(report, SOURCES):
            if cited := self.registries.sources.get(source):
                yield cited.thing.name


def window(content: Content, claim: Claim | None) -> Window:
    occurred = content.report.occurred if claim is None or claim.occurred is None else claim.occurred
    return occurred.window(content.recorded_at)


def named(report: Report, registries: frozenset[Names]) -> set[str]:
    return {each.id for each in report.references() if each.names in registries}


def within(unit: list[str], text: list[str]) -> bool:
    return any(all(map(fits, unit, text[i : i + len(unit)])) for i in range(len(text) - len(unit) + 1))


def fits(asked: str, word: str) -> bool:
    return word.startswith(asked[:-1]) if asked.endswith("*") else word == asked
