"""Names are found however people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.folding import _plain_words, _word, beginnings, fold, forget, spaced, words


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


# ---------------------------------------------------------------------------------------------------------------
# Words
# ---------------------------------------------------------------------------------------------------------------

SPELLINGS = [
    "Hama Hamah Ḥamāh HAMA ḥamā Hama's Hama’s",
    "Salamiyah Salamiya Salamieh Salamiyeh Salamiyya Salamiyyah as-Salamiyah",
    "Suqaylabiyah Suqailabiya Al-Suqaylabiyah as-Suqaylabiyah As‑Suqaylabiyah Suqeilabieh",
    "Muhrada Mohrada Muḥrada Muhradah Mouhrada",
    "Qamhana Kamhana Qamḥāna Qamhanah",
    "Homs Hims Ḥimṣ",
    "Idlib Edlib Idleb",
    "Deir Dayr Dair Deyr",
    "Husayn Hussein Husain Hussain",
    "Mahmoud Mahmud Mahmood Maḥmūd",
    "Khattab Khatab Khaṭṭāb",
    "Raqqa Raqqah ar-Raqqa Rakka",
    "Ma'arrat Maarrat Maʿarrat Ma‘arrat",
    "Tartus Tartous Ṭarṭūs",
    "az-Zour ez-Zour al-Zour Zour",
    "حماة حماه حَمَاة حــماة",
    "مصطفى مصطفي مُصطفى",
    "أحمد احمد",
]


@pytest.mark.parametrize("spellings", SPELLINGS)
def test_these_spellings_are_one_word(spellings: str) -> None:
    assert len({tuple(words(each)) for each in spellings.split()}) == 1, [words(each) for each in spellings.split()]


ORDINARY = """
    shot shut shoot shout ship shop sheep men man min main mine ten tin ton tan tune hit hot hut hat heat hate
    set sit sat site seat son sun sin soon sane lost list last least lust most must mist mast left lift loft
    fund found fond find on in an un one own of off out at it to two his has her here hers not note nut net neat
    fire fir far fare for four base bass bus boss plan plane plain planes live leave love life leaf fall fell
    full fill fuel feel still steel steal stole road rode ride raid rod red read reed town tone train turn torn
    war wear wore were where hold held hill hall hell hole whole land lend line lane lone alone force farce
    morning mourning month mouth north south east west city side died dead deed did dad bomb boom home hum him
    whom
"""


def test_ordinary_english_words_are_left_apart() -> None:
    met: dict[tuple[str, ...], list[str]] = {}
    for word in ORDINARY.split():
        met.setdefault(tuple(words(word)), []).append(word)
    assert {tuple(of) for of in met.values() if len(of) > 1} == {("of", "off"), ("morning", "mourning")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Al Suqaylabiyah and el-Bab fell", ["sukailabia", "and", "bab", "fel"]),
        ("Deir ez-Zor", ["dair", "zor"]),
        ("the mayor's 25th, 3,000 e-mails", ["the", "maiur", "25th", "3", "000", "e", "mails"]),
        ("at-Tall/at noon; al.", ["tal", "at", "noon", "al"]),
        ("a · b\0c_d", ["a", "b", "c", "d"]),
        ("𝐀bc Ⓓé", ["abc", "de"]),
        ("", []),
    ],
)
def test_a_text_is_its_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text())
def test_words_are_of_letters_and_digits_and_their_marks(text: str) -> None:
    for word in words(text):
        assert not any(sign in word for sign in " \"*\0·'-")
        assert word


@given(st.sampled_from([each for of in SPELLINGS for each in of.split()] + ORDINARY.split()), st.data())
def test_a_word_begins_as_one_of_the_ways_its_beginning_folds(word: str, data: st.DataObject) -> None:
    [whole] = words(word)
    if word.isascii() and word.isalpha():
        beginning = word[: data.draw(st.integers(1, len(word)))]
        assert any(whole.startswith(each[:-1] if len(each) > 1 else each) for each in beginnings(beginning))
        assert whole in beginnings(word)


@given(st.text())
def test_nothing_begins_as_no_word(text: str) -> None:
    assert bool(beginnings(text)) == bool(words(text))


PIECES = ["al", "el", "As-", "al-", "at\N{NON-BREAKING HYPHEN}", "'s", "\N{RIGHT SINGLE QUOTATION MARK}s", "Hamah", "."]
SIGNS = [*"'ʼ´¨½ﷺİßﬁةأـ5", "\N{COMBINING ACUTE ACCENT}", "\N{NO-BREAK SPACE}", "\x1c"]


@given(st.lists(st.sampled_from([*PIECES, *SIGNS, " ", " ", "\n"]) | st.text(max_size=3), max_size=14).map("".join))
def test_what_is_folded_piece_by_piece_is_what_is_folded_as_a_whole(text: str) -> None:
    whole = [_word(each) for each in _plain_words(text)]
    for _ in range(2):  # the second time what was met is at hand
        assert words(text) == whole
        assert spaced(text) == " ".join(whole)
    forget()
    assert words(text) == whole
