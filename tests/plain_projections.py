"""The projections of reports as they are plainly put: an object for each report. The columns are held to it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from domain.claims import Casualties, Clash, Figure, Strike
from domain.control.counting import strike
from domain.control.knowledge import Account, Voice
from domain.credibility import UNSAID, Credibility
from domain.events import Recorded, ReportAssessed, ReportCorrected, ReportFiled, ReportRetracted
from domain.policy import Policy
from domain.report import Report
from domain.tally.mention import Measure, Mention
from domain.when.window import Window
from projections.told import Told
from projections.voices import voices

ONE, ONE_OR_MORE = Figure(1, 1, 1), Figure(1)


class PlainControl:
    """What each report says of each place, told event by event."""

    def __init__(self) -> None:
        self.reports: dict[str, Told] = {}
        self.about: dict[str, dict[str, None]] = {}
        self.noted: dict[str, list[tuple[int, str]]] = {}

    def apply(self, recorded: Recorded) -> None:
        match recorded.event:
            case ReportFiled(id=id) | ReportCorrected(id=id) | ReportAssessed(id=id) | ReportRetracted(id=id):
                told = self.reports.setdefault(id, Told(id))
                told.add(recorded)
                for each in told.statements(recorded.position):
                    self.about.setdefault(each.place, {})[id] = None
                for place, ids in self.about.items():
                    if id in ids:
                        self.noted.setdefault(place, []).append((recorded.position, id))

    def accounts(self, place: str, known_at: int) -> Iterator[Account]:
        for id in self.about.get(place, ()):
            found = self.reports[id].account(place, known_at)
            if found is not None:
                yield found


@dataclass(frozen=True)
class Standing:
    """What a report says for the tallies from a position on."""

    position: int
    grade: Credibility
    voices: tuple[Voice, ...] = ()
    mentions: tuple[Mention, ...] = ()


class PlainTallies:
    """What each report mentions of what is counted."""

    def __init__(self) -> None:
        self.standings: dict[str, list[Standing]] = {}

    def apply(self, recorded: Recorded) -> None:
        position = recorded.position
        match recorded.event:
            case ReportFiled(id=id, report=report):
                self.standings[id] = [_standing(id, recorded, report, report.credibility or UNSAID)]
            case ReportCorrected(id=id, report=report):
                grade = report.credibility or self.standings[id][-1].grade
                self.standings[id].append(_standing(id, recorded, report, grade))
            case ReportAssessed(id=id, credibility=grade):
                last = self.standings[id][-1]
                mentions = tuple(replace(each, grade=grade) for each in last.mentions)
                self.standings[id].append(replace(last, position=position, grade=grade, mentions=mentions))
            case ReportRetracted(id=id):
                self.standings[id].append(Standing(position, self.standings[id][-1].grade))

    def mentions(self, known_at: int, policy: Policy) -> list[Mention]:
        found: list[Mention] = []
        for standings in self.standings.values():
            before = bisect_right(standings, known_at, key=lambda standing: standing.position)
            if before:
                each = standings[before - 1]
                if each.grade <= policy.min_credibility and strike(each.voices, policy) is not None:
                    found += each.mentions
        return found


def _standing(id: str, recorded: Recorded, report: Report, grade: Credibility) -> Standing:
    found: list[Mention] = []
    for index, claim in enumerate(report.claims):
        window = (claim.occurred or report.occurred).window(recorded.recorded_at)
        about = (id, index, recorded.position, grade, claim.event)
        bare = Window(window.earliest, window.latest)  # nobody asks for its core
        match claim:
            case Casualties(places=places, of=of, killed=killed, injured=injured, captured=captured):
                given = ((Measure.KILLED, killed), (Measure.INJURED, injured), (Measure.CAPTURED, captured))
                figures = tuple((measure, figure) for measure, figure in given if figure is not None)
                found.append(Mention(*about, places, of, (of,), figures, bare))
            case Strike(places=places, by=by, count=count):
                found.append(Mention(*about, places, None, by, ((Measure.STRIKES, count or ONE_OR_MORE),), bare))
            case Clash(places=places, forces=forces):
                found.append(Mention(*about, places, None, forces, ((Measure.CLASHES, ONE),), bare))
    return Standing(recorded.position, grade, voices(report, recorded.recorded_at), tuple(found))
