"""The benchmarks run, in their smallest form; their chronologies are such as the service takes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.chronicle import Chronicle
from benchmarks.drawing import draw
from benchmarks.figures import read, write
from benchmarks.in_sqlite import InSQLite
from benchmarks.measure import Finding, Mismatch, find
from benchmarks.measures import MEASURES, named
from benchmarks.readme import BEGIN, END, short
from benchmarks.scale import SMALLEST
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


@pytest.mark.parametrize("name", [each.name for each in MEASURES])
def test_each_measure_runs_in_its_smallest_form(name: str) -> None:
    finding = find(named(name), SMALLEST)
    assert finding.skipped or (finding.peer and finding.ratio is not None)


def test_a_peer_that_answers_otherwise_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(InSQLite, "answer", lambda *_: "another")
    with pytest.raises(Mismatch, match="another"):
        find(named("answer-sqlite"), SMALLEST)


def test_figures_of_one_measure_take_the_place_of_its_own_only(tmp_path: Path) -> None:
    help, memory = (
        Finding(name, name, "a peer", "s", 1, True, "", 2, 1, 2, 2, 2, False) for name in ("help", "memory")
    )
    write(tmp_path, [help, memory])
    write(tmp_path, [replace(help, ratio=0.5, reached=True)])
    kept = {each.name: (each.ratio, each.reached) for each in read(tmp_path / "figures.json")}
    assert kept == {"help": (0.5, True), "memory": (2, False)}


def test_the_picture_has_a_bar_for_each_measure_that_was_taken(tmp_path: Path) -> None:
    taken = Finding("help", "help <&>", "a peer", "s", 1, True, "", 2, 1, 2, 2, 2, False)
    picture = ElementTree.fromstring(draw([taken, replace(taken, name="memory", ratio=None, skipped="no room")]))
    assert len(picture.findall("{http://www.w3.org/2000/svg}rect")) == 1


def test_the_table_in_the_readme_is_that_of_the_figures() -> None:
    root = Path(__file__).resolve().parents[1]
    kept = read(root / "docs" / "benchmarks" / "figures.json")
    assert kept
    assert f"{BEGIN}{short(kept)}{END}" in (root / "README.md").read_text()
