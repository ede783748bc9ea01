"""How places lie inside each other (control.md §6, Inside a settlement)."""

from __future__ import annotations

import pytest

from domain.place import Place, PlaceKind
from domain.settlements import Settlements

SETTLEMENTS = {"city", "town", "village"}
REGIONS = {"country", "governorate", "district", "area"}


def nested(*kinds: str) -> Settlements:
    """Places 1, 2, 3, … of these kinds, each the parent of the next."""
    return Settlements(
        Place(str(nth), f"Place {nth}", PlaceKind(kind), str(nth - 1) if nth > 1 else None)
        for nth, kind in enumerate(kinds, start=1)
    )


@pytest.mark.parametrize("kind", list(PlaceKind))
def test_every_kind_is_a_settlement_a_region_or_neither(kind: PlaceKind) -> None:
    assert kind.is_settlement is (kind.value in SETTLEMENTS)
    assert kind.is_region is (kind.value in REGIONS)


@pytest.mark.parametrize(
    ("kinds", "around"),
    [
        (("town",), ()),
        (("neighbourhood",), ()),
        (("town", "neighbourhood"), ("1",)),
        (("town", "neighbourhood", "facility"), ("2", "1")),
        (("city", "town", "neighbourhood"), ("2", "1")),
        (("city", "neighbourhood", "village", "base"), ("3", "2", "1")),
        (("base", "facility"), ()),  # no settlement
        (("hill", "town", "facility"), ("2",)),  # up to the highest settlement
        (("road", "hill", "town", "base", "facility"), ("4", "3")),
        (("country", "governorate", "district", "town", "neighbourhood"), ("4",)),
        (("town", "area", "facility"), ()),  # a region among them
        (("city", "district", "neighbourhood", "facility"), ()),
        (("city", "area", "town", "facility"), ("3",)),
        (("country", "facility"), ()),
        (("town", "district"), ("1",)),  # the place itself can be of any kind
        (("town", "neighbourhood", "area"), ("2", "1")),
    ],
)
def test_a_place_is_inside_what_is_around_it_up_to_the_highest_settlement_without_a_region_between(
    kinds: tuple[str, ...], around: tuple[str, ...]
) -> None:
    assert nested(*kinds).around(str(len(kinds))) == around


def test_a_settlement_has_within_it_all_that_is_inside_it_at_any_depth_sorted() -> None:
    settlements = Settlements(
        [
            Place("town", "Town", PlaceKind.TOWN),
            Place("west", "West", PlaceKind.NEIGHBOURHOOD, "town"),
            Place("east", "East", PlaceKind.NEIGHBOURHOOD, "town"),
            Place("mill", "Mill", PlaceKind.FACILITY, "west"),
            Place("plain", "Plain", PlaceKind.AREA, "town"),
            Place("farm", "Farm", PlaceKind.FACILITY, "plain"),
            Place("other", "Other", PlaceKind.TOWN),
        ]
    )
    assert settlements.within("town") == ("east", "mill", "plain", "west")
    assert settlements.within("west") == ()  # no settlement
    assert settlements.within("other") == ()


def test_settlements_inside_each_other_each_have_what_is_within_them() -> None:
    settlements = nested("city", "town", "facility")
    assert [settlements.within(id) for id in "123"] == [("2", "3"), ("3",), ()]


def test_what_is_above_the_highest_settlement_has_nothing_within() -> None:
    settlements = nested("hill", "town", "facility")
    assert [settlements.within(id) for id in "123"] == [(), ("3",), ()]


def test_a_place_can_be_known_before_its_parent() -> None:
    town, mill = Place("town", "Town", PlaceKind.TOWN), Place("mill", "Mill", PlaceKind.FACILITY, "town")
    assert Settlements([mill]).around("mill") == ()
    assert Settlements([mill, town]).around("mill") == ("town",)


def test_a_place_that_is_not_known_has_no_answer() -> None:
    settlements = nested("town")
    with pytest.raises(KeyError):
        settlements.around("2")
    with pytest.raises(KeyError):
        settlements.within("2")
