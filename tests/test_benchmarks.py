"""The benchmarks run, in their smallest form; their chronologies are such as the service takes."""

from __future__ import annotations

from collections import Counter

from benchmarks.chronicle import Chronicle
from benchmarks.shape import Shape
from domain.events import Recorded, ReportAssessed, ReportCorrected, ReportRetracted
from service.admission import Admission

SMALL = Shape(reports=2000, places=200)


def generated() -> list[Recorded]:
    return list(Chronicle(SMALL).recorded())


def test_a_generated_chronology_is_such_as_the_intake_takes() -> None:
    admission = Admission()
    for recorded in generated():
        admission.check_next(recorded)


def test_a_shape_is_generated_alike_each_time() -> None:
    assert generated() == generated()


def test_a_generated_chronology_has_corrections_grades_and_retractions() -> None:
    kinds = Counter(type(each.event) for each in generated())
    assert min(kinds[kind] for kind in (ReportAssessed, ReportCorrected, ReportRetracted)) > 5
