"""Names are found however people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.folding import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hama", "HAMA"),
        ("Al-Arba'een", "al arbaeen"),
        ("AL ARBAʿEEN", "al-arbaeen"),
        ("Al-Arba’een", "Al-Arba`een"),
        ("Salamīyah", "salamiyah"),
        ("Ḥamāh", "hamah"),
        ("Khan  Shaykhun", "khan shaykhun"),
        (" khitab\t", "khitab"),
        ("khan_shaykhun", "khan-shaykhun"),
        ("Straße", "STRASSE"),
        ("أحمد", "احمد"),
        ("حماة", "حماه"),
        ("حَمَاة", "حماة"),
        ("مصطفى", "مصطفي"),
        ("ﬁ", "fi"),
    ],
)
def test_these_are_typed_for_each_other(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Hama", "Homs"), ("khan", "khans"), ("حماة", "حمص"), ("a b", "ab")])
def test_these_are_different_names(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_spaces_around_a_name_do_not_matter(text: str) -> None:
    assert fold(f"  {text} ") == fold(text)


@given(st.text(st.characters(codec="ascii")))
def test_the_case_of_a_name_does_not_matter(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) == fold(text)
