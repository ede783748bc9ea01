"""Answers in words that can be read aloud."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from domain.control.answer import Answer, Since
from domain.control.state import Shown, Status
from domain.events import (
    Event,
    ForceAligned,
    ForceRegistered,
    PlaceRegistered,
    ReportAssessed,
    ReportCorrected,
    ReportFiled,
    ReportRedacted,
    ReportRetracted,
    SourceRegistered,
)
from domain.history import ReportHistory
from domain.redacted import shown
from domain.when.instant import BEGINNING, text
from domain.when.zone import Zone
from projections.outline import Line
from projections.projections import Projections

History = Callable[[str], ReportHistory | None]
"""The history of a report by its id."""

_HAPPENED: dict[type[Event], str] = {
    PlaceRegistered: "the place {} was registered",
    ForceRegistered: "the force {} was registered",
    ForceAligned: "the force {} was aligned",
    SourceRegistered: "the source {} was registered",
    ReportFiled: "{} was filed",
    ReportCorrected: "{} was corrected",
    ReportAssessed: "{} was assessed",
    ReportRetracted: "{} was retracted",
    ReportRedacted: "{} was redacted",
}


class Words:
    """Speaks about what is known at a position, in a zone. Without their `history`, reports are told by id only."""

    def __init__(self, projections: Projections, zone: Zone, known_at: int, history: History | None = None) -> None:
        self._projections = projections
        self._zone = zone
        self._known_at = known_at
        self._history = history

    def answer(self, answer: Answer, at: int, changed_by: Sequence[str] = ()) -> Iterator[str]:
        """The answer, and the reports under it; `changed_by` are those that may have been changing it."""
        yield f"At {self.when(at)} ({self._zone.name}), {self._sentence(answer)}."
        if answer.since is not None:
            yield f"{self._since(answer.since, answer.status)}.{self._grade(answer)}"
        if answer.exceptions:
            yield f"Not so everywhere inside it: {self.listed(map(self.place, answer.exceptions))}."
        yield from self._reports("The evidence", answer.basis)
        yield from self._reports("What may have been changing it", changed_by)
        yield from self._reports("What speaks against it", answer.dissent)
        yield from self._reports("Said too, but not counted", answer.unconfirmed)

    def when(self, instant: int) -> str:
        """`18:00 on 4 December 2024`, by the clock of the zone."""
        try:
            local = self._zone.local(instant)
        except OverflowError:
            return text(instant)
        clock = f"{local:%H:%M}" if not (local.second or local.microsecond) else f"{local:%H:%M:%S}"
        return f"{clock} on {local.day} {local:%B} {local.year}"

    def stamp(self, instant: int, written: str = "%Y-%m-%d %H:%M") -> str:
        """`2024-12-04 18:00`, for tables; or as `strftime` writes it."""
        try:
            return self._zone.local(instant).strftime(written)
        except OverflowError:
            return text(instant)

    def happened(self, line: Line) -> str:
        """An event in brief: what came in, of what, and when."""
        what = _HAPPENED[line.type].format(line.id)
        return f"{what} ({self.stamp(line.recorded_at)})"

    def place(self, id: str) -> str:
        entry = self._projections.registries.places.get(id)
        return entry.thing.name if entry else id

    def source(self, id: str) -> str:
        entry = self._projections.registries.sources.get(id)
        return entry.thing.name if entry else id

    def forces(self, ids: Sequence[str]) -> str:
        """Their names; `nobody` for none."""
        return self.listed(map(self._force, ids)) if ids else "nobody"

    def _force(self, id: str) -> str:
        entry = self._projections.registries.forces.get(id)
        return entry.thing.name if entry else id

    @staticmethod
    def listed(names: Iterable[str]) -> str:
        *first, last = names
        return f"{', '.join(first)} and {last}" if first else last

    def _sentence(self, answer: Answer) -> str:
        name = self.place(answer.place)
        if answer.before is None or answer.after is None:
            said = self._clause(name, answer.shown)
        else:
            before, after = self._clause("it", answer.before), self._clause("it", answer.after)
            said = f"{name} may have been changing: either {before}, or {after}"
        if answer.inherited_from is None:
            return said
        return f"{said}. That is what is said of {self.place(answer.inherited_from)}, which it lies inside"

    def _clause(self, name: str, shown: Shown) -> str:
        holders = self.forces(shown.holders)
        match shown.status:
            case Status.HELD:
                return f"{name} was held by {holders}"
            case Status.VACATED:
                return f"{name} was held by nobody"
            case Status.CONTESTED:
                held = f"held by {holders}" if shown.holders else "who held it is not known"
                return f"{name} was fought over by {self.forces(shown.parties)} ({held})"
            case Status.DISPUTED:
                return f"{name} was disputed: held by {holders}, or else by {self.forces(shown.challenger or ())}"
            case _:
                return f"it is not known who held {name}"

    def _since(self, since: Since, status: Status) -> str:
        if since.latest == BEGINNING:
            return "That had been so as far back as anything is told"
        latest = self.when(since.latest)
        if status is Status.CHANGING:
            start = "some time before" if since.earliest == BEGINNING else f"between {self.when(since.earliest)} and"
            return f"The change came {start} {latest}"
        if since.earliest == BEGINNING:
            return f"That had been so since {latest} or before"
        if since.earliest == since.latest:
            return f"That had been so since {latest}"
        return f"That had been so since some time between {self.when(since.earliest)} and {latest}"

    def _grade(self, answer: Answer) -> str:
        if answer.credibility is None or answer.last_confirmed is None:
            return ""
        return (
            f" It was last borne out at {self.when(answer.last_confirmed)}; "
            f"the best of the evidence is graded {answer.credibility.word}."
        )

    def _reports(self, title: str, ids: Sequence[str]) -> Iterator[str]:
        if ids:
            yield ""
            yield f"{title}:"
        for id in ids:
            history = self._history and self._history(id)
            if history is None:
                yield f"  {id}"
            else:
                yield from self._report(history)

    def _report(self, history: ReportHistory) -> Iterator[str]:
        content = history.content(self._known_at)
        if content is None:
            return
        report = content.report
        grade = history.grade(self._known_at).word
        yield f"  {history.id} ({grade}; {report.occurred.text}; recorded at {text(content.recorded_at)})"
        yield f"    {shown(report.text)}"
        for each in report.sources:
            entry = self._projections.registries.sources.get(each.source)
            origin = self._projections.registries.sources.get(each.origin or "")
            parts = [
                entry.thing.name if entry else each.source,
                f"after {origin.thing.name}" if origin else "",
                shown(each.citation),
                shown(each.url),
            ]
            yield f"    Source: {', '.join(part for part in parts if part)}"
