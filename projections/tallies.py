"""Casualties, strikes and clashes: what counts of them at any knowledge time, under any policy."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from domain.control.counting import strike
from domain.control.knowledge import Voice
from domain.credibility import UNSAID, Credibility
from domain.events import Recorded, ReportAssessed, ReportCorrected, ReportFiled, ReportRetracted
from domain.policy import Policy
from domain.report import Report
from domain.tally.mention import Mention, mention
from projections.fingerprint import fingerprint
from projections.voices import voices


@dataclass(frozen=True, slots=True)
class Standing:
    """What a report says for the tallies from a position on, until the next that is kept of it."""

    position: int
    grade: Credibility
    voices: tuple[Voice, ...] = ()
    mentions: tuple[Mention, ...] = ()


class Tallies:
    """Follows the log; keeps of each report how it stood, and nothing of those that never mention what is counted."""

    def __init__(self) -> None:
        self._standings: dict[str, list[Standing]] = {}
        self._mentioning: dict[str, None] = {}  # reports with a mention, ever; a dict for its order

    def apply(self, recorded: Recorded) -> None:
        match recorded.event:
            case ReportFiled(id=id, report=report):
                self._standings[id] = []
                self._put(id, _standing(id, recorded, report, report.credibility or UNSAID))
            case ReportCorrected(id=id, report=report):
                grade = report.credibility or self._standings[id][-1].grade
                self._put(id, _standing(id, recorded, report, grade))
            case ReportAssessed(id=id, credibility=grade):
                self._put(id, _regraded(self._standings[id][-1], recorded.position, grade))
            case ReportRetracted(id=id):
                self._put(id, Standing(recorded.position, self._standings[id][-1].grade))
            case _:
                pass

    def _put(self, id: str, standing: Standing) -> None:
        if standing.mentions:
            self._mentioning[id] = None
        if id in self._mentioning:
            self._standings[id].append(standing)
        else:
            self._standings[id] = [standing]  # a correction may mention something yet, and takes the grade on

    def mentions(self, known_at: int, policy: Policy) -> Iterator[Mention | None]:
        """What counts under a policy, as known at a position; None for a report of which nothing does."""
        for id in list(self._mentioning):
            standings = self._standings[id]
            before = bisect_right(standings, known_at, key=lambda standing: standing.position)
            standing = standings[before - 1] if before else None
            if standing is None or standing.grade > policy.min_credibility or strike(standing.voices, policy) is None:
                yield None
            else:
                yield from standing.mentions

    def digest(self) -> str:
        return fingerprint([sorted(self._mentioning), *sorted(self._standings.items())])


def _standing(id: str, recorded: Recorded, report: Report, grade: Credibility) -> Standing:
    found = (
        mention(
            id,
            index,
            recorded.position,
            grade,
            claim,
            (claim.occurred or report.occurred).window(recorded.recorded_at),
        )
        for index, claim in enumerate(report.claims)
    )
    mentions = tuple(each for each in found if each is not None)
    heard = voices(report, recorded.recorded_at) if mentions else ()
    return Standing(recorded.position, grade, heard, mentions)


def _regraded(standing: Standing, position: int, grade: Credibility) -> Standing:
    mentions = tuple(replace(each, grade=grade) for each in standing.mentions)
    return replace(standing, position=position, grade=grade, mentions=mentions)
