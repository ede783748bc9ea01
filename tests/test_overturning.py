"""What was said before a place last changed hands, and still bears on its answer.

Each answer is that of the plain rules too: claims_builder asks both.
"""

from __future__ import annotations

import pytest
from claims_builder import Told

from domain.control.chains import shelf


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what is of no account is left out of short histories too."""
    monkeypatch.setattr(shelf, "MANY", 2)


def test_nothing_is_left_of_what_both_sides_have_overruled_since() -> None:
    told = Told("takes C 0; takes A 10; takes B 20")
    assert (told.shows(21), told.answer(21).basis) == ("held B", ("r3",))


def test_a_word_that_agrees_with_both_is_left_where_they_have_a_side_in_common() -> None:
    told = Told("takes B 0; takes A,B 10; takes B,C 20")
    assert told.answer(21).basis == ("r1", "r3")


def test_a_word_that_agrees_with_each_at_its_own_time_is_left() -> None:
    told = Told("takes A 0; takes D 10; takes A 20", aligned="D with A ..15")
    assert told.answer(21).basis == ("r1", "r3")


def test_a_fight_is_over_when_somebody_lost_who_had_held_the_place_long_before() -> None:
    told = Told("takes C 0; takes A 10; takes B 20; contests B 30; loses C 31")
    assert [told.shows(q) for q in (30, 31)] == ["contested, held B, parties B", "held B"]


def test_a_span_of_fighting_is_over_by_a_loss_of_before_the_place_changed_hands() -> None:
    told = Told("contests C 1/50; loses C 2; takes A 10; takes B 20")
    assert [told.shows(q) for q in (1, 21)] == ["contested, parties C", "held B"]


def test_a_repulse_is_one_of_a_fight_of_long_before_too() -> None:
    told = Told("takes A 0; contests B,C 1; takes B 10; takes A 20; loses A 30; loses C 31")
    assert told.shows(32) == "vacated"
    assert told.answer(32).basis == ("r5",)


def test_an_outer_sighting_is_weighed_against_the_best_own_word_however_old() -> None:
    told = Told("quarter takes A 0 confirmed; quarter takes B 10; quarter takes A 20; holds C 30 probable")
    assert told.shows(31, "quarter") == "held A"
