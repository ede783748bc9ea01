"""What must be true of what is recorded beside its form: what it names is known, what is open has begun."""

from __future__ import annotations

from collections.abc import Set

from domain.alignments import alignment
from domain.claims import CIVILIANS, Names
from domain.events import ForceAligned, ReportRedacted
from domain.faults import Conflict, Fault, Several, Wrong
from domain.force import Force
from domain.place import Place
from domain.report import Report
from domain.source import Source
from projections.registries import Registries


def check_place(place: Place, registries: Registries) -> None:
    """Raise Wrong for an unknown parent."""
    registries.places.require(place.parent, "parent")


def check_force(force: Force) -> None:
    """Raise Wrong for those who are none."""
    if force.id == CIVILIANS:
        raise Wrong(f"{CIVILIANS!r} are no force: casualties can be of them", ("id",))


def check_source(source: Source, registries: Registries) -> None:
    """Raise Wrong for an unknown affiliation."""
    registries.forces.require(source.affiliation, "affiliation")


def check_report(report: Report, registries: Registries, reports: Set[str], now: int) -> None:
    """Raise Several with every unknown reference, and every open window that begins after `now`, its recording.

    `reports` are those that there are of the reports it names.
    """
    faults: list[Fault] = []
    for path, occurred in report.written():
        try:
            occurred.check_recordable(now)
        except Wrong as wrong:
            faults.append(wrong.under(*path))
    if not all(_is_known(names, id, registries, reports) for names, id in report.named()):
        for names, id, path in report.references():
            if not _is_known(names, id, registries, reports):
                faults.append(Wrong(f"there is no {names} {id!r}", path))
    if faults:
        raise Several(faults)


def check_redacted(redacted: ReportRedacted, newest: int) -> None:
    """Raise Wrong for a redaction that erases nothing, or of versions that are not earlier ones, in order."""
    versions = [each.version for each in redacted.erased]
    if not versions or not all(each.parts for each in redacted.erased):
        raise Wrong("a redaction erases something", ("erased",))
    if versions != sorted(set(versions)) or versions[0] < 1 or versions[-1] > newest:
        raise Wrong(f"a redaction is of versions 1 to {newest}, each once, in order", ("erased",))


def _is_known(names: Names, id: str, registries: Registries, reports: Set[str]) -> bool:
    if names is Names.PLACE:
        return id in registries.places
    if names is Names.SOURCE:
        return id in registries.sources
    if names is Names.REPORT:
        return id in reports
    if names is Names.FORCE_OR_CIVILIANS and id == CIVILIANS:
        return True
    return id in registries.forces or (names is Names.FORCE_OR_SOURCE and id in registries.sources)


def check_alignment(aligned: ForceAligned, registries: Registries, now: int) -> None:
    """Raise Wrong for an alignment that can't be, Conflict for one that another stands against."""
    registries.forces.require(aligned.with_, "with")
    for name, occurred in (("from", aligned.from_), ("until", aligned.until)):
        if occurred is not None:
            try:
                occurred.check_recordable(now)
            except Wrong as wrong:
                raise wrong.under(name) from None
    new = alignment(aligned, now)
    if new.end <= new.start:
        raise Wrong("the alignment ends before it begins", ("until",))
    clash = registries.alignments().clash(new)
    if clash is not None:
        raise Conflict(clash)
