"""Who stands with whom, over valid time (control.md §4, Alignment). D is a division, A an army, S a side."""

from __future__ import annotations

import pytest

from domain.alignments import Alignment, Alignments
from domain.when.instant import BEGINNING, END

ALWAYS = (BEGINNING, END)


def known(*alignments: tuple[str, str, tuple[int, int]]) -> Alignments:
    return Alignments(Alignment(force, other, *span) for force, other, span in alignments)


def test_a_force_that_nothing_is_said_of_is_its_own_side() -> None:
    alone = known()
    assert (alone.chain("D", 5), alone.side("D", 5), alone.turns) == (("D",), "D", [])


def test_an_alignment_holds_from_its_start_until_not_including_its_end() -> None:
    aligned = known(("D", "A", (3, 7)))
    assert [aligned.side("D", at) for at in (2, 3, 6, 7)] == ["D", "A", "A", "D"]


def test_an_alignment_can_be_open_at_both_ends() -> None:
    aligned = known(("D", "A", ALWAYS))
    assert {aligned.side("D", at) for at in (BEGINNING, -(10**18), 0, 10**18)} == {"A"}


def test_a_side_is_the_last_of_a_chain() -> None:
    aligned = known(("D", "A", ALWAYS), ("A", "S", (3, 7)))
    assert [aligned.chain("D", at) for at in (2, 3, 7)] == [("D", "A"), ("D", "A", "S"), ("D", "A")]
    assert aligned.side("D", 5) == "S"


def test_a_force_can_change_sides_at_an_instant() -> None:
    aligned = known(("D", "A", (0, 5)), ("D", "B", (5, 9)))
    assert [aligned.side("D", at) for at in (4, 5, 8, 9)] == ["A", "B", "B", "D"]


def test_a_force_covers_itself_and_all_below_it_and_none_above_or_beside() -> None:
    aligned = known(("D", "A", (0, 5)), ("A", "S", (0, 9)), ("E", "A", (0, 9)))
    assert all(aligned.covers(upper, "D", 4) for upper in ("D", "A", "S"))
    assert not any(aligned.covers(upper, lower, 4) for upper, lower in (("D", "A"), ("A", "S"), ("E", "D")))
    assert not aligned.covers("A", "D", 5)


def test_the_sides_of_several_forces_are_each_once() -> None:
    aligned = known(("D", "A", (0, 5)), ("E", "A", (0, 9)))
    assert aligned.sides(["D", "E", "B"], 4) == {"A", "B"}
    assert aligned.sides(["D", "E", "B"], 5) == {"A", "B", "D"}


def test_what_was_asked_before_does_not_change_what_is_answered_elsewhere() -> None:
    aligned = known(("D", "A", (3, 7)), ("A", "S", (5, 9)))
    instants = (9, 0, 6, 3, 8, 5, 2, 7, 4)
    assert {at: aligned.side("D", at) for at in instants} == {
        0: "D", 2: "D", 3: "A", 4: "A", 5: "S", 6: "S", 7: "D", 8: "D", 9: "D",
    }  # fmt: skip


def test_alignments_turn_at_their_ends_each_once_in_order() -> None:
    assert known(("D", "A", (3, 7)), ("E", "A", (7, END)), ("F", "A", (1, 3))).turns == [1, 3, 7, END]


@pytest.mark.parametrize(
    ("span", "free"),
    [
        ((0, 3), True),  # it ends where the other starts
        ((7, 9), True),  # it starts where the other ends
        ((0, 4), False),
        ((6, 9), False),
        ((4, 5), False),
        ((0, 9), False),
        ((3, 7), False),
        (ALWAYS, False),
    ],
)
@pytest.mark.parametrize("other", ["A", "B"])
def test_a_force_has_at_most_one_it_is_aligned_with_at_any_instant(
    other: str, span: tuple[int, int], free: bool
) -> None:
    clash = known(("D", "A", (3, 7))).clash(Alignment("D", other, *span))
    assert clash is None if free else clash is not None and "overlaps" in clash


@pytest.mark.parametrize(
    ("new", "free"),
    [
        (("A", "D", (5, 6)), False),
        (("A", "D", (0, 4)), False),  # it closes with its last instant
        (("A", "D", (6, 9)), False),
        (("A", "D", ALWAYS), False),
        (("A", "D", (0, 3)), True),
        (("A", "D", (7, 9)), True),
        (("A", "B", ALWAYS), True),
        (("D", "D", (8, 9)), False),
    ],
)
def test_two_forces_are_never_aligned_with_each_other(new: tuple[str, str, tuple[int, int]], free: bool) -> None:
    clash = known(("D", "A", (3, 7))).clash(Alignment(new[0], new[1], *new[2]))
    assert clash is None if free else clash is not None and "circle" in clash


@pytest.mark.parametrize(
    ("span", "free"),
    [((0, 9), False), ((5, 6), False), ((0, 5), True), ((6, 9), True), ((2, 5), True), ((0, 6), False)],
)
def test_a_circle_through_others_is_found_where_all_of_it_holds_at_once(span: tuple[int, int], free: bool) -> None:
    """D is with A and A with S together only in 5 to 6."""
    clash = known(("D", "A", (2, 6)), ("A", "S", (5, 9))).clash(Alignment("S", "D", *span))
    assert (clash is None) is free
