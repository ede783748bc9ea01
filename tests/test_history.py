"""A report as of any knowledge time (control.md §4, the first paragraph)."""

from __future__ import annotations

import pytest
from claims_builder import content

from domain.credibility import Credibility
from domain.events import (
    Event,
    ForceRegistered,
    Recorded,
    ReportAssessed,
    ReportCorrected,
    ReportFiled,
    ReportRetracted,
)
from domain.force import Force
from domain.history import ReportHistory
from domain.report import Report

FIRST = content("holds A 0")
SECOND = content("holds B 0")
GRADED = content("holds C 0 doubtful")


def history(*events: tuple[int, Event]) -> ReportHistory:
    """What happened to report x, each at its position, recorded at ten times that."""
    found = ReportHistory("x")
    for version, (position, event) in enumerate(events, start=1):
        found.add(Recorded(position, 10 * position, "report:x", version, event))
    return found


def filed(report: Report = FIRST) -> ReportFiled:
    return ReportFiled("x", report)


def corrected(report: Report) -> ReportCorrected:
    return ReportCorrected("x", report, "misread")


def assessed(credibility: Credibility) -> ReportAssessed:
    return ReportAssessed("x", credibility, "film")


def contents(found: ReportHistory, *positions: int) -> list[Report | None]:
    known = [found.content(at) for at in positions]
    return [None if each is None else each.report for each in known]


def test_a_report_says_nothing_before_its_filing() -> None:
    found = history((3, filed()))
    assert contents(found, 0, 2, 3, 99) == [None, None, FIRST, FIRST]
    assert [found.version(at) for at in (2, 3)] == [0, 1]


def test_a_report_says_what_its_newest_correction_says_with_its_recording() -> None:
    found = history((3, filed()), (5, corrected(SECOND)), (8, corrected(GRADED)))
    assert contents(found, 3, 4, 5, 7, 8) == [FIRST, FIRST, SECOND, SECOND, GRADED]
    newest = found.content(7)
    assert newest is not None
    assert (newest.position, newest.recorded_at) == (5, 50)


def test_an_assessment_changes_the_grade_and_not_the_content() -> None:
    found = history((3, filed()), (5, assessed(Credibility.CONFIRMED)), (6, assessed(Credibility.IMPROBABLE)))
    assert contents(found, 6) == [FIRST]
    grades = [found.grade(at) for at in (3, 4, 5, 6, 9)]
    assert [grade.word for grade in grades] == ["possible", "possible", "confirmed", "improbable", "improbable"]


def test_a_filing_can_name_its_grade() -> None:
    assert history((1, filed(GRADED))).grade(1) is Credibility.DOUBTFUL


def test_a_correction_that_names_no_grade_leaves_it_as_it_stands() -> None:
    found = history(
        (1, filed(GRADED)), (2, corrected(FIRST)), (3, assessed(Credibility.PROBABLE)), (4, corrected(FIRST))
    )
    assert [found.grade(at).word for at in (1, 2, 3, 4)] == ["doubtful", "doubtful", "probable", "probable"]


def test_a_correction_that_names_a_grade_is_an_assessment() -> None:
    found = history((1, filed()), (2, assessed(Credibility.CONFIRMED)), (3, corrected(GRADED)))
    assert [found.grade(at).word for at in (1, 2, 3)] == ["possible", "confirmed", "doubtful"]


def test_a_retracted_report_is_so_from_its_retraction_on() -> None:
    found = history((3, filed()), (7, ReportRetracted("x", "mistaken")))
    assert [found.retracted(at) for at in (3, 6, 7, 8)] == [False, False, True, True]
    assert contents(found, 7) == [FIRST]  # what it said stays on record
    assert found.retraction is found.events[-1]


def test_a_version_is_the_number_of_events_by_then() -> None:
    found = history(
        (3, filed()), (5, assessed(Credibility.PROBABLE)), (6, corrected(SECOND)), (9, ReportRetracted("x", "mistaken"))
    )
    assert [found.version(at) for at in (0, 3, 4, 5, 6, 8, 9, 99)] == [0, 1, 1, 2, 3, 3, 4, 4]
    assert found.filed.position == 3
    assert [each.version for each in found.events] == [1, 2, 3, 4]


def test_nothing_else_happens_to_a_report() -> None:
    with pytest.raises(ValueError, match="ForceRegistered"):
        history((1, filed()), (2, ForceRegistered(Force("a", "A"))))


def test_an_event_that_does_not_happen_to_a_report_leaves_no_trace() -> None:
    found = history((1, filed()))
    with pytest.raises(ValueError, match="ForceRegistered"):
        found.add(Recorded(2, 20, "force:a", 1, ForceRegistered(Force("a", "A"))))
    assert (found.version(2), len(found.events)) == (1, 1)
