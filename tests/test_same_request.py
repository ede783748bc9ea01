"""The same request again is known by what was written."""

from __future__ import annotations

from dataclasses import replace

from domain.claims import Control, Effect
from domain.events import Event, ReportCorrected, ReportFiled, same_request
from domain.report import Report
from domain.when.notation import read_occurred
from domain.when.zone import Zone


def filing(occurred: str = "2024-12-04 night", zone: str = "UTC", place: str = "a") -> Event:
    claim = Control(place=place, forces=("x",), effect=Effect.TAKES, occurred=read_occurred(occurred, Zone(zone)))
    return ReportFiled("r", Report("seen", read_occurred(occurred, Zone(zone)), claims=(claim,)))


def test_is_the_same_though_the_zone_was_revised_in_between() -> None:
    assert same_request(filing(zone="UTC"), filing(zone="Asia/Damascus"))


def test_is_another_if_a_window_is_written_otherwise() -> None:
    assert not same_request(filing("2024-12-04T21:00:00Z"), filing("2024-12-05T00:00:00+03:00"))


def test_is_another_if_any_part_of_a_claim_differs() -> None:
    assert not same_request(filing(place="a"), filing(place="b"))


def test_is_another_if_it_is_of_another_kind() -> None:
    event = filing()
    assert isinstance(event, ReportFiled)
    assert not same_request(event, ReportCorrected(event.id, event.report, "reason"))
    assert same_request(event, replace(event))
