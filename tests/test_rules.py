"""The rules of control.md, one by one, on small claims whose answers were worked out from the page by hand."""

from __future__ import annotations

import pytest
from claims_builder import DEFAULT, EVERYTHING, PLACES, Told, content, followed, in_words

from domain.credibility import Credibility
from domain.events import ForceAligned, PlaceRegistered, ReportAssessed, ReportCorrected, ReportFiled, ReportRetracted
from domain.place import Place, PlaceKind
from domain.policy import LENSES, Policy
from domain.when.window import Occurred

STRICT = LENSES["strict"]
AGAINST_INTEREST = Policy(against_interest=True)

# ---------------------------------------------------------------------------------------------------------------
# §8: the worked examples
# ---------------------------------------------------------------------------------------------------------------

A_TO_B = "changing from held A to held B"


@pytest.mark.parametrize(
    ("claims", "q", "shown", "since"),
    [
        ("holds A 0; takes B [17..21]", 16, "held A", (0, 0)),
        ("holds A 0; takes B [17..21]", 17, A_TO_B, (17, 21)),
        ("holds A 0; takes B [17..21]", 20, A_TO_B, (17, 21)),
        ("holds A 0; takes B [17..21]", 21, "held B", (17, 21)),
        ("holds A 0; takes B [17..21]; takes B [0..240]", 16, "held A", (0, 0)),
        ("holds A 0; takes B [17..21]; takes B [0..240]", 30, "held B", (17, 21)),
        ("takes B 12; holds A 14", 13, "held B", (12, 12)),
        ("takes B 12; holds A 14", 15, "disputed, held B, challenged by A", (14, 14)),
        ("takes B 12; holds A 14; holds B 16", 17, "held B", (12, 12)),
        (
            "takes B 12; holds A 14 by s; holds A 16 by s; holds A 18 by o",
            17,
            "disputed, held B, challenged by A",
            (14, 14),
        ),
        ("takes B 12; holds A 14 by s; holds A 16 by s; holds A 18 by o", 19, "held A", (14, 14)),
        ("takes B 12; holds A 14 probable", 15, "held A", (14, 14)),
        ("holds A 0; takes B 5 unverified", 6, "held A", (0, 0)),
        (
            "takes B [0..24]; takes A 20",
            21,
            "changing from held A to disputed, held B, challenged by A",
            (0, 24),
        ),
        ("takes B [0..24]; takes A 20", 25, "disputed, held B, challenged by A", (0, 24)),
        ("holds A [0..24]; takes B [0..24]", 25, "held B", (0, 24)),
        ("holds A 0; contests B 10/20; takes B [18..22]", 12, "contested, held A, parties A B", (10, 10)),
        ("holds A 0; contests B 10/20; takes B [18..22]", 21, A_TO_B, (18, 22)),
        ("holds A 0; contests B 10/20; takes B [18..22]", 23, "held B", (18, 22)),
        ("holds A 0; contests A,B 10; loses B [18..22]", 12, "contested, held A, parties A B", (10, 10)),
        ("holds A 0; contests A,B 10; loses B [18..22]", 23, "held A", (0, 0)),
        ("holds A 0; contests B 10; loses A 15", 16, "vacated", (15, 15)),
        ("takes A,B 0; takes A 5", 1, "held A B", (0, 0)),
        ("takes A,B 0; takes A 5", 6, "held A", (5, 5)),
    ],
)
def test_a_worked_example_about_a_town(claims: str, q: int, shown: str, since: tuple[int, int]) -> None:
    told = Told(claims)
    assert (told.shows(q), told.since(q)) == (shown, since)


@pytest.mark.parametrize(
    ("claims", "q", "shown", "inherited"),
    [
        ("holds A 0; quarter contests B 10; quarter loses B 12", 5, "held A", "town"),
        ("holds A 0; quarter contests B 10; quarter loses B 12", 11, "contested, held A, parties A B", None),
        ("holds A 0; quarter contests B 10; quarter loses B 12", 13, "held A", None),
        ("takes B 10; quarter holds A 12", 11, "held B", "town"),
        ("takes B 10; quarter holds A 12", 13, "held A", None),
    ],
)
def test_a_worked_example_about_a_quarter(claims: str, q: int, shown: str, inherited: str | None) -> None:
    told = Told(claims)
    assert told.shows(q, "quarter") == shown
    assert told.answer(q, "quarter").inherited_from == inherited


def test_the_worked_summary_rests_on_both_reports() -> None:
    assert Told("holds A 0; takes B [17..21]; takes B [0..240]").answer(30).basis == ("r2", "r3")


def test_the_worked_unverified_capture_is_unconfirmed() -> None:
    assert Told("holds A 0; takes B 5 unverified").answer(6).unconfirmed == ("r2",)


# ---------------------------------------------------------------------------------------------------------------
# §3: spans and moments
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claims", "q", "shown", "since"),
    [
        ("holds A 0-3/5-8", 2, "unknown", None),
        ("holds A 0-3/5-8", 3, "held A", (3, 3)),
        ("holds A 3/5", 2, "unknown", None),
        ("contests A,B 0-3/5-8", 4, "contested, parties A B", (3, 3)),
        ("contests A,B 0-3/5-8", 5, "unknown", None),
        ("holds A ../5", -999, "held A", (None, None)),
        ("holds A 3-4/..", 4, "held A", (4, 4)),
        ("contests A,B 3-4/..", 99, "contested, parties A B", (4, 4)),
        ("contests A,B 3-4/..", 100, "unknown", None),
    ],
)
def test_a_span_is_so_from_the_latest_of_its_first_end_to_the_earliest_of_its_second(
    claims: str, q: int, shown: str, since: tuple[int | None, int | None] | None
) -> None:
    told = Told(claims)
    assert (told.shows(q), told.since(q)) == (shown, since)


@pytest.mark.parametrize(
    "claim",
    [
        "takes A 0/9",  # by its effect
        "holds A [0..9]",  # by its brackets
        "holds A 0-5/5-9",  # the ends touch
        "holds A 0-6/4-9",  # the ends overlap
    ],
)
def test_every_other_claim_is_a_moment_in_its_whole_window(claim: str) -> None:
    told = Told(claim)
    assert told.shows(-1) == "unknown"
    assert [told.shows(q) for q in (0, 8)] == ["changing from unknown to held A"] * 2
    assert (told.shows(9), told.since(9)) == ("held A", (0, 9))


def test_a_moment_with_an_open_end_ends_at_its_recording() -> None:
    told = Told("takes A [3..]")
    assert told.shows(99) == "changing from unknown to held A"
    assert told.since(100) == (3, 100)


def test_a_moment_with_an_open_start_was_always_possible() -> None:
    told = Told("takes A [..5]")
    assert told.since(-999) == (None, 5)
    assert (told.shows(5), told.since(5)) == ("held A", (None, 5))


def test_an_instant_is_never_pending() -> None:
    told = Told("takes A 5")
    assert [told.shows(q) for q in (4, 5)] == ["unknown", "held A"]


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        ("takes A [0..5]; takes B [5..9]", "held B"),  # it starts where the other ends
        ("takes A [0..5]; takes B 5", "held B"),
        ("takes A 5; takes B [5..9]", "held B"),
        ("takes A 5; takes B 5", "disputed, held A, challenged by B"),  # the same window
        ("takes A [0..5]; takes B [4..9]", "disputed, held B, challenged by A"),
    ],
)
def test_later_is_to_start_where_the_other_ends_in_another_window(claims: str, shown: str) -> None:
    assert Told(claims).shows(10) == shown


# ---------------------------------------------------------------------------------------------------------------
# §3: sharpening
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "claims",
    [
        "takes A [0..20] as summary; takes A [3..5]",
        "takes A [0..20] as summary; takes A [3..5] probable",
        "takes A,B [0..20] as summary; takes B,A [3..5]",
        "holds A [0..20] as summary; holds A [3..5]",
        "holds A [0..20] as summary; takes A [3..5]",
        "loses A [0..20] as summary; loses A [3..5]",
        "contests A,B [0..20] as summary; contests A,B [3..5]",
        "takes A 0/20 as summary; takes A 3/5",  # moments, however they are written
        "takes A [0..20] as summary; takes A [1..9]; takes A [3..5]; takes A [11..14]",  # the narrowest
        "takes A [0..20] as summary; takes A [6..8]; takes A [3..5]",  # of two as narrow the first
    ],
)
def test_a_moment_takes_the_narrowest_window_that_another_of_its_kind_gives_it(claims: str) -> None:
    assert Told(claims).windows()["summary"] == (3, 5)


@pytest.mark.parametrize(
    "claims",
    [
        "takes A [0..20] as summary; takes A [3..5] doubtful",  # graded worse
        "takes A [0..20] probable as summary; takes A [3..5]",  # graded worse
        "takes A [0..20] as summary; takes B [3..5]",  # other sides
        "takes A [0..20] as summary; takes A,B [3..5]",  # more sides
        "takes A,B [0..20] as summary; takes A [3..5]",  # fewer sides
        "takes A [0..20] as summary; holds A [3..5]",  # a sighting says not when it was taken
        "takes A [0..20] as summary; loses A [3..5]",
        "holds A [0..20] as summary; contests A [3..5]",
        "loses A [0..20] as summary; takes A [3..5]",
        "takes A [0..20] as summary; takes A [3..21]",  # not inside it
        "takes A [1..20] as summary; takes A [0..5]",
        "takes A [0..20] as summary; quarter takes A [3..5]",  # another place
        "holds A [0..20] as summary; holds A 3/5",  # spans sharpen nothing
        "holds A 0/20 as summary; holds A [3..5]",  # and nothing sharpens them
        "holds A 0/20 as summary; holds A 3/5",
        "holds A 0/20 as summary; takes A [3..5]",
    ],
)
def test_nothing_else_sharpens(claims: str) -> None:
    summary = Told(claims).windows(EVERYTHING)["summary"]
    assert summary[1] == 20


def test_what_the_policy_leaves_out_sharpens_nothing() -> None:
    told = Told("takes A [0..20] doubtful as summary; takes A [3..5] unverified; takes A [6..9] doubtful")
    assert told.windows(Policy(min_credibility=Credibility.DOUBTFUL))["summary"] == (6, 9)


def test_forces_of_one_side_sharpen_each_other_by_their_sides_at_the_later_end() -> None:
    claims = "takes A [0..20] as summary; takes D [3..5]"
    assert Told(claims, aligned="D with A 20..21").windows()["summary"] == (3, 5)
    assert Told(claims, aligned="D with A 0..20").windows()["summary"] == (0, 20)


def test_a_window_that_sharpens_is_taken_as_it_was_written() -> None:
    told = Told("takes A [0..20] as wide; takes A [2..10] as middle; takes D [3..5]", aligned="D with A ..15")
    assert told.windows() == {"wide": (2, 10), "middle": (3, 5), "r3": (3, 5)}


def test_whether_a_claim_counts_goes_by_its_window_as_written() -> None:
    told = Told(
        "takes D [0..20] by s as wide; takes D [3..5]",
        aligned="D with A ..10",
        affiliated={"s": "A"},
    )
    assert told.windows(AGAINST_INTEREST)["wide"] == (3, 5)


def test_a_sharpened_window_decides_what_is_later() -> None:
    assert Told("takes B 10; takes A [0..20]").shows(30) == "disputed, held A, challenged by B"
    assert Told("takes B 10; takes A [0..20]; takes A [3..5]").shows(30) == "held B"


# ---------------------------------------------------------------------------------------------------------------
# §4: reports as known
# ---------------------------------------------------------------------------------------------------------------

TOWN = PlaceRegistered(Place("town", "town", PlaceKind.TOWN))
HELD_BY_A = ReportFiled("first", content("holds A 0"))  # always at position 2


def test_a_retracted_report_counts_no_more_from_its_retraction_on() -> None:
    known = followed(TOWN, HELD_BY_A, ReportFiled("x", content("takes B 5")), ReportRetracted("x", "mistaken"))
    shown = [in_words(known.inquire(at, DEFAULT).control("town", 9)) for at in (1, 2, 3, 4)]
    assert shown == ["unknown", "held A", "held B", "held A"]


def test_a_correction_replaces_the_whole_content() -> None:
    known = followed(
        TOWN,
        HELD_BY_A,
        ReportFiled("x", content("takes B 5; quarter takes B 5")),
        ReportCorrected("x", content("takes C 7"), "misread"),
    )
    assert in_words(known.inquire(3, DEFAULT).control("town", 9)) == "held B"
    assert in_words(known.inquire(4, DEFAULT).control("town", 9)) == "held C"
    assert list(known.accounts("quarter", 3)) != []
    assert list(known.accounts("quarter", 4)) == []


def test_a_correction_ends_an_open_window_at_its_own_recording() -> None:
    filed = ReportFiled("x", content("takes B [5..]"))
    known = followed(TOWN, filed, ReportCorrected("x", content("takes C [5..]"), "misread"))
    latest = [since.latest for at in (2, 3) if (since := known.inquire(at, DEFAULT).control("town", 999).since)]
    assert latest == [102, 103]


def test_the_newest_assessment_grades_a_report() -> None:
    known = followed(
        TOWN,
        HELD_BY_A,
        ReportFiled("x", content("takes B 5 unverified")),
        ReportAssessed("x", Credibility.PROBABLE, "film"),
        ReportCorrected("x", content("takes C 5"), "names no grade"),
        ReportCorrected("x", content("takes C 5 doubtful"), "names one"),
        ReportAssessed("x", Credibility.CONFIRMED, "seen"),
    )
    answers = [known.inquire(at, DEFAULT).control("town", 9) for at in range(2, 8)]
    assert [in_words(answer) for answer in answers] == ["held A", "held A", "held B", "held C", "held A", "held C"]
    assert [answer.unconfirmed for answer in answers] == [(), ("x",), (), (), ("x",), ()]
    assert answers[3].credibility is Credibility.PROBABLE
    assert answers[5].credibility is Credibility.CONFIRMED


def test_a_report_that_names_no_grade_is_possible() -> None:
    assert Told("holds A 0").answer(1).credibility is Credibility.POSSIBLE
    known = followed(TOWN, HELD_BY_A)
    assert known.inquire(2, DEFAULT).control("town", 1).credibility is Credibility.POSSIBLE


def test_an_alignment_holds_from_the_earliest_of_its_from_until_the_latest_of_its_until() -> None:
    aligned = ForceAligned("D", "A", Occurred("[3..5]", 3, 5), Occurred("[7..9]", 7, 9))
    known = followed(aligned).alignments(1)
    assert [known.side("D", at) for at in (2, 3, 8, 9)] == ["D", "A", "A", "D"]


# ---------------------------------------------------------------------------------------------------------------
# §4: policies
# ---------------------------------------------------------------------------------------------------------------

S, T, U = "s", "t", "u"


@pytest.mark.parametrize(
    ("claims", "policy", "shown"),
    [
        ("takes B 5 by t", Policy(sources=frozenset({S})), "held A"),
        ("takes B 5 by t,s", Policy(sources=frozenset({S})), "held B"),
        ("takes C 5", Policy(sources=frozenset({S})), "held A"),
        ("takes B 5 by t<s", Policy(sources=frozenset({S})), "held A"),
        ("takes B 5 by t", Policy(exclude_sources=frozenset({T})), "held A"),
        ("takes B 5 by s,t", Policy(exclude_sources=frozenset({T})), "held B"),
        ("takes C 5", Policy(exclude_sources=frozenset({T})), "held C"),
        ("takes B 5 by s<t", Policy(exclude_sources=frozenset({T})), "held B"),
        ("takes B 5 by s@7", Policy(published_by=6), "held A"),
        ("takes B 5 by s@6", Policy(published_by=6), "held B"),
        ("takes B 5 by t@7,s@6", Policy(published_by=6), "held B"),
        ("takes B 5 by t", Policy(published_by=6), "held A"),
        ("takes C 5", Policy(published_by=6), "held A"),
        ("takes B 5 by s@6,t@6", Policy(sources=frozenset({S, T}), exclude_sources=frozenset({S, T})), "unknown"),
        ("takes B 5 by s@6,t@6", Policy(sources=frozenset({S, T}), exclude_sources=frozenset({S})), "held B"),
        ("takes B 5 by s@7,t@6", Policy(sources=frozenset({S}), published_by=6), "held A"),
        ("takes B 5 by s@7,t@6", Policy(exclude_sources=frozenset({T}), published_by=6), "held A"),
        ("takes B 5 by s@7,t@6", Policy(published_by=6), "held B"),
        ("takes B 5 by s doubtful", Policy(sources=frozenset({S})), "held A"),
    ],
)
def test_a_report_without_a_source_left_does_not_count(claims: str, policy: Policy, shown: str) -> None:
    told = Told(f"holds A 0 by s@0; {claims}")
    assert told.shows(6, policy=policy) == shown


def test_what_is_struck_for_its_sources_is_not_even_unconfirmed() -> None:
    told = Told("holds A 0 by s; takes B 5 by t doubtful; takes C 5 by s doubtful")
    assert told.answer(6, policy=Policy(sources=frozenset({S}))).unconfirmed == ("r3",)


@pytest.mark.parametrize("least", list(Credibility))
def test_only_reports_graded_at_least_the_minimum_count(least: Credibility) -> None:
    told = Told("; ".join(f"quarter contests A {grade.value} {grade.word} as {grade.word}" for grade in Credibility))
    answer = told.answer(9, "quarter", Policy(min_credibility=least))
    words = tuple(grade.word for grade in Credibility)
    assert (answer.basis, answer.unconfirmed) == (words[: least.value], words[least.value :])


@pytest.mark.parametrize(
    ("claim", "counts"),
    [
        ("takes A 5 by s", False),
        ("holds A 5 by s", False),
        ("takes A,B 5 by s", False),
        ("takes B 5 by s", True),
        ("holds B 5 by s", True),
        ("loses A 5 by s", True),
        ("loses A,B 5 by s", True),
        ("loses B 5 by s", False),
        ("contests A 5 by s", True),
        ("contests B 5 by s", True),
        ("takes A 5", True),  # it never had a source
        ("takes A 5 by n", True),  # of no affiliation
        ("takes A 5 by s,n", True),
        ("takes A 5 by s,b", True),
        ("takes A,B 5 by s,b", False),
        ("takes A 5 by s<n", False),
        ("takes D 5 by s", False),  # D is of A's side then
        ("takes D 9 by s", True),
        ("takes A 5 by d", False),
        ("takes A 9 by d", True),
        ("takes A [5..9] by d", True),
        ("takes A [5..8] by d", False),
        ("loses D 5 by s", True),
        ("loses D 9 by s", False),
        ("takes D [5..9] by s", True),  # judged at its l
    ],
)
def test_against_interest_a_partys_word_is_taken_for_what_it_admits(claim: str, counts: bool) -> None:
    told = Told(f"{claim} as x", aligned="D with A ..9", affiliated={"s": "A", "b": "B", "d": "D"})
    assert bool(told.windows(AGAINST_INTEREST)) is counts
    assert (told.answer(9, policy=AGAINST_INTEREST).unconfirmed == ("x",)) is not counts
    assert bool(told.windows())


def test_against_interest_needs_one_of_the_sources_that_are_left() -> None:
    told = Told("takes A 5 by s,n", affiliated={"s": "A"})
    policy = Policy(exclude_sources=frozenset({"n"}), against_interest=True)
    assert (told.shows(6, policy=policy), told.answer(6, policy=policy).unconfirmed) == ("unknown", ("r1",))


def test_the_strict_lens_wants_probable_reports_against_interest() -> None:
    told = Told(
        "holds A 0 probable by n; takes B 5 by n; takes C 6 probable by c; takes E 7 by e",
        affiliated={"c": "C", "e": "E"},
    )
    answer = told.answer(9, policy=STRICT)
    assert (in_words(answer), answer.unconfirmed) == ("held A", ("r2", "r3", "r4"))


# ---------------------------------------------------------------------------------------------------------------
# §4: sides and agreement
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aligned", "shown"),
    [
        ("D with A 10..20", "held D"),
        ("D with A 5..11", "held D"),
        ("D with A 5..10", "disputed, held A, challenged by D"),  # it ended just then
        ("D with A 11..20", "disputed, held A, challenged by D"),
        ("D with A 0..5", "disputed, held A, challenged by D"),
        ("D with E 0..20; E with A 10..20", "held D"),
        ("D with E 0..20; A with E 0..20", "held A D"),  # of one side, neither over the other
    ],
)
def test_two_claims_agree_by_their_sides_at_the_later_of_their_ends(aligned: str, shown: str) -> None:
    assert Told("takes A 0; holds D 10", aligned=aligned).shows(10) == shown


@pytest.mark.parametrize(
    ("claims", "agreed"),
    [
        ("takes A 5; takes A 5", True),
        ("takes A,B 5; takes A 5", True),
        ("takes A 5; takes A,B 5", True),
        ("takes A,B 5; takes B,C 5", False),
        ("takes A 5; takes B 5", False),
    ],
)
def test_claims_agree_if_all_sides_of_one_are_among_those_of_the_other(claims: str, agreed: bool) -> None:
    assert Told(claims).shows(5).startswith("held") is agreed


# ---------------------------------------------------------------------------------------------------------------
# §5: who holds it
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claims", "aligned", "shown"),
    [
        ("takes A,B 0; loses A 5", "", "held B"),
        ("takes A,B 0; loses A 5; loses B 6", "", "vacated"),
        ("holds A,B 0; loses A 5", "", "held B"),
        ("takes A 5; loses A 5", "", "disputed, challenged by A"),  # not later: both stand
        ("takes A [3..7]; loses A 5", "", "disputed, held A, challenged by nobody"),
        ("takes A [3..5]; loses A [5..7]", "", "vacated"),
        ("takes D 0; loses A 5", "D with A ..6", "vacated"),
        ("takes D 0; loses A 5", "D with A ..5", "held D"),  # covered at the time of the loss
        ("takes D 0; loses A [4..7]", "D with A ..7", "held D"),
        ("takes A 0; loses D 5", "D with A", "held A"),  # part of it is not all of it
        ("takes D,E 0; loses A 5", "D with C; C with A; E with B", "held E"),
    ],
)
def test_1_a_later_loss_strikes_the_holders_it_covers(claims: str, aligned: str, shown: str) -> None:
    assert Told(claims, aligned=aligned).shows(9) == shown


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        ("takes A 0 confirmed; takes B 5", "held B"),
        ("holds A 0/9 confirmed; takes B 9", "held B"),
        ("holds A [0..9]; takes B [2..9]", "held B"),
        ("holds A 5; takes B 5", "held B"),
        ("holds A [0..9] probable; takes B [2..9]", "disputed, held A, challenged by B"),  # graded worse
        ("holds A [0..9]; takes B [2..9] probable", "held B"),
        ("holds A [2..9]; takes B [0..9]", "disputed, held B, challenged by A"),  # it may have come before
        ("holds A [0..9]; takes B [2..8]", "disputed, held B, challenged by A"),
        ("holds A 0/8; takes B [2..9]", "disputed, held B, challenged by A"),  # a span
        ("takes A [0..9]; takes B [2..9]", "disputed, held A, challenged by B"),  # a capture
        ("takes A 0; takes B 5; loses B 7", "vacated"),  # though it stands no more itself
    ],
)
def test_2_a_capture_beats_what_was_before_it_and_a_sighting_that_was_not_after(claims: str, shown: str) -> None:
    assert Told(claims).shows(9) == shown


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        ("takes A 0; holds B 5 probable", "held B"),
        ("holds A 0; holds B 5 probable", "held B"),
        ("takes A [0..6]; holds B [5..7] probable", "disputed, held B, challenged by A"),  # not later
        ("holds A 0; holds B 5", "held B"),
        ("holds A 0 probable; holds B 5", "disputed, held A, challenged by B"),
        ("takes A 0; holds B 5", "disputed, held A, challenged by B"),
        ("takes A 0 probable; holds B 5", "disputed, held A, challenged by B"),
        ("holds A 0; holds A,B 5", "held A B"),  # they agree
    ],
)
def test_2_a_weaker_voice_disputes_and_does_not_flip(claims: str, shown: str) -> None:
    assert Told(claims).shows(9) == shown


@pytest.mark.parametrize(
    ("claims", "place", "shown"),
    [
        ("takes A 0; quarter holds B 5", "quarter", "held B"),
        ("takes A 0; house holds B 5", "house", "held B"),
        ("takes A 0 probable; quarter holds B 5", "quarter", "disputed, held A, challenged by B"),
        ("quarter takes A 0; quarter holds B 5", "quarter", "disputed, held A, challenged by B"),
        ("quarter takes A 0; house holds B 5", "house", "held B"),
        ("quarter takes A 0; holds B 5; house loses E 6", "house", "disputed, held A, challenged by B"),  # not inside
        ("quarter takes A 0 doubtful; holds B 5", "quarter", "held B"),  # better graded
    ],
)
def test_2_a_sighting_beats_a_capture_of_what_is_around_its_place(claims: str, place: str, shown: str) -> None:
    assert Told(claims).shows(9, place, EVERYTHING) == shown


def test_2_a_sighting_of_a_place_around_is_only_heard_where_it_is_better_graded() -> None:
    assert Told("quarter takes A 0; holds B 5").shows(9, "quarter") == "held A"


DISPUTED = "disputed, held B, challenged by A"


@pytest.mark.parametrize(
    ("sightings", "shown"),
    [
        ("holds A 14; holds A 16", "held A"),
        ("holds A 14 by s; holds A 16", "held A"),
        ("holds A 14 by s; holds A 16 by t", "held A"),
        ("holds A 14; holds A 14", "held A"),
        ("holds A,C 14; holds A 16", "held A C"),
        ("holds A 14/15; holds A 16", "held A"),
        ("holds A 14 as x; holds A 16 as x", DISPUTED),  # one report
        ("holds A 14 as x; holds A 16 as x; holds C 14 as y", DISPUTED),  # and another that does not agree
        ("holds A 14 by s; holds A 16 by s,t", DISPUTED),  # a source in common
        ("holds A 14 by s<o; holds A 16 by t<o", DISPUTED),  # an origin in common
        ("holds A 14 by s<o; holds A 16 by o", DISPUTED),
        ("holds A 14 by s<o; holds A 16 by s", "held A"),  # the origin stands in the source's place
        ("holds A 14 by s<o; holds A 16 by s<p", "held A"),
        ("holds A 12; holds A 16", DISPUTED),  # one is not later
        ("holds A [11..13]; holds A 16", DISPUTED),
        ("holds A 14; holds A 16 doubtful", DISPUTED),  # graded worse
        ("holds A 14 doubtful; holds A 16 doubtful", DISPUTED),
        ("holds A 14 doubtful; holds A 16 probable", "held A"),  # graded better, by itself
        ("holds A 14; holds C 16", "disputed, held B, challenged by C"),  # they do not agree
        ("holds A 14; holds B 15; holds A 16", DISPUTED),  # a word for B after the first of them
        ("holds A 14; holds A 16; holds B 17", "held B"),
        ("holds A 14; holds A 16; holds B 17 doubtful", DISPUTED),  # any word
        ("holds A 14; holds A 16; holds B 15/17 doubtful", DISPUTED),
        ("holds B 13; holds A 14; holds A 16", "held A"),  # a word before both
        ("holds A 14; holds A 16; holds B [15..17]", "disputed, held B, challenged by A"),
        ("holds A [14..16]; holds B [15..18]; holds A [16..19]", "disputed, held A, challenged by B"),  # after neither
    ],
)
def test_2_two_independent_sightings_beat_a_capture_unless_its_side_is_seen_again(sightings: str, shown: str) -> None:
    told = Told(f"takes B 12; {sightings}")
    assert told.shows(20, policy=EVERYTHING) == shown


def test_2_a_capture_by_its_side_again_is_a_word_for_a_capture() -> None:
    assert Told("takes B 12; holds A 14; takes B 15; holds A 16").answer(20).basis == ("r1", "r3")


def test_2_sources_that_the_policy_struck_are_not_in_common() -> None:
    told = Told("takes B 12 by b; holds A 14 by s,t; holds A 16 by s,u")
    assert told.shows(20) == DISPUTED
    assert told.shows(20, policy=Policy(exclude_sources=frozenset({S}))) == "held A"


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        ("takes A,B 0; takes A 5", "held A"),
        ("holds A,B 0; takes A 5", "held A"),
        ("takes A,B 0; takes A 5 doubtful", "held A"),
        ("takes A,B 0; holds A 5", "held A B"),  # a sighting of one is not a word about the other
        ("takes A 0; takes A,B 5", "held A B"),
        ("takes A,B 0; takes A,B 5", "held A B"),
        ("takes A,B [0..5]; takes A 4", "held A B"),  # not later
        ("takes A,B 0; takes B,C 5", "held B C"),  # they do not agree
    ],
)
def test_2_a_later_capture_without_a_partner_puts_it_out(claims: str, shown: str) -> None:
    assert Told(claims).shows(9, policy=EVERYTHING) == shown


def test_2_a_force_of_the_same_side_is_no_partner_put_out() -> None:
    assert Told("takes A,D 0; takes A 5", aligned="D with A ..9").shows(9) == "held A D"


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        ("takes A 0; loses A 5; holds A 7", "held A"),
        ("loses A 5; takes B 7", "held B"),
        ("loses A 5; holds B 7 doubtful", "held B"),
        ("loses A 5; holds B 5/9", "held B"),
        ("takes B 7; loses A [5..8]", "held B"),
        ("takes A 0; loses A 5; loses B 7", "vacated"),
        ("takes A 0; loses A 5; holds B 7; loses B 8", "vacated"),
    ],
)
def test_3_any_later_capture_or_sighting_overrules_a_loss(claims: str, shown: str) -> None:
    assert Told(claims).shows(9, policy=EVERYTHING) == shown


def test_3_an_overruled_loss_is_neither_basis_nor_dissent() -> None:
    answer = Told("takes A 0; loses A 5; holds A 7").answer(9)
    assert (answer.basis, answer.dissent) == (("r3",), ())


def test_4_claims_that_agree_through_others_are_one_group() -> None:
    assert Told("takes A 5; takes B 5").shows(5) == "disputed, held A, challenged by B"
    assert Told("takes A 5; takes B 5; takes A,B 5").shows(5) == "held A B"
    assert Told("takes A,B 5; takes A 5; takes B 5").shows(5) == "held A B"


def test_4_a_groups_holders_are_those_below_at_that_instant() -> None:
    told = Told("takes A,D 0", aligned="D with E 5..9; E with A 7..9")
    assert [told.shows(q) for q in (4, 6, 7, 8, 9)] == ["held A D", "held A D", "held D", "held D", "held A D"]


@pytest.mark.parametrize(
    ("claims", "shown", "basis", "dissent"),
    [
        ("takes A,B 5; loses A 5", "held A B", ("r1",), ()),
        ("takes A,B 5; loses A 5; loses B 5", "disputed, challenged by A B", ("r2", "r3"), ("r1",)),
        ("takes A 5; loses A 5; loses C 5", "disputed, challenged by A", ("r2",), ("r1",)),
        ("takes A [4..6]; takes B [4..6]; loses B 6", "held A", ("r1",), ()),
        ("takes A 5; takes B 5; loses B 5", "disputed, challenged by A", ("r3",), ("r1", "r2")),
        ("holds A 5; loses A 5", "disputed, challenged by A", ("r2",), ("r1",)),
        ("loses A 5", "vacated", ("r1",), ()),
        ("loses B 6; loses A 5", "vacated", ("r2", "r1"), ()),
    ],
)
def test_5_losses_that_cover_all_holders_of_a_group_are_a_group(
    claims: str, shown: str, basis: tuple[str, ...], dissent: tuple[str, ...]
) -> None:
    answer = Told(claims).answer(6)
    assert (in_words(answer), answer.basis, answer.dissent) == (shown, basis, dissent)


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        ("contests A,B 0; loses B 5", "unknown"),
        ("contests A,B 0; loses B 0", "unknown"),
        ("contests A,B [0..7]; loses B [5..6]", "unknown"),
        ("contests A,B,C 0; loses C 5", "contested, parties A B"),
        ("contests A,B 0; loses A,B 5", "vacated"),  # all of them left
        ("contests A 0; loses A 5", "vacated"),
        ("contests A,B 6; loses B 5", "contested, parties A B"),  # the loss came first
        ("contests A,B 6/8; loses B 5", "vacated"),
        ("contests A,B 0; loses C 5", "contested, parties A B"),  # not of those who fought
        ("contests A,B 0; loses B 5; loses C 6", "vacated"),  # one of the two is no repulse
        ("contests A,D 0; loses B 5", "unknown"),  # D is of B's side
    ],
)
def test_5_a_repulse_leaves_the_place_as_unknown_as_it_was(claims: str, shown: str) -> None:
    assert Told(claims, aligned="D with B").shows(9) == shown


@pytest.mark.parametrize(
    ("claims", "shown", "basis"),
    [
        ("takes A [0..10]; takes B [0..8] probable", "disputed, held B, challenged by A", ("r2",)),
        ("takes A [0..10]; takes B [0..8]; takes B [0..8] probable", "disputed, held B, challenged by A", ("r2", "r3")),
        ("holds A [5..10]; takes B [0..8]", "disputed, held B, challenged by A", ("r2",)),
        ("takes A [0..8]; takes B [0..10]", "disputed, held B, challenged by A", ("r2",)),
        ("takes B [0..10]; takes A [0..10]", "disputed, held A, challenged by B", ("r2",)),
        ("takes A,B 5 as x; takes A,C 5 as w; loses B,C 7", "disputed, held A, challenged by A", ("w",)),
        ("takes A,C 5 as y; takes A,B 4 as x; loses B,C 7", "held A", ("y",)),
        ("takes A [0..10]; takes B [0..10]; takes C [0..10]", "disputed, held A, challenged by B", ("r1",)),
        ("loses A 9; holds A [0..10] probable", "disputed, held A, challenged by nobody", ("r2",)),
    ],
)
def test_6_groups_go_by_grade_then_captures_then_newest_then_holders_then_first_claim(
    claims: str, shown: str, basis: tuple[str, ...]
) -> None:
    answer = Told(claims).answer(10)
    assert (in_words(answer), answer.basis) == (shown, basis)


# ---------------------------------------------------------------------------------------------------------------
# §5: who fights
# ---------------------------------------------------------------------------------------------------------------

FOUGHT = "contested, held A, parties A B"


@pytest.mark.parametrize(
    ("claims", "q", "shown"),
    [
        ("contests B 10/20", 10, FOUGHT),
        ("contests B 10/20", 19, FOUGHT),
        ("contests B 10/20", 20, "held A"),
        ("contests B 10/20; takes A 15", 16, FOUGHT),  # what is said to last, lasts
        ("contests B 10/20; holds A 15", 16, FOUGHT),
        ("contests B 10; takes B 10", 10, "held B"),
        ("contests B [5..10]; takes B 7", 8, "held B"),
        ("contests B 10; takes B [8..12]", 12, "contested, held B, parties B"),
        ("contests B 10; holds A 12", 12, "held A"),
        ("contests B 10; holds A 10", 12, FOUGHT),  # not later
        ("contests B [10..14]; holds A 12", 15, FOUGHT),
        ("contests B [10..14]; holds A [12..15]", 15, FOUGHT),
        ("contests B [10..14]; holds A 14", 15, "held A"),
        ("contests B 10; holds A 12/20", 12, "held A"),
        ("contests B [5..10]; holds A 0/20", 9, "changing from held A to " + FOUGHT),
        ("contests B [5..10]; holds A 0/20", 10, "held A"),  # a quiet span goes over it
        ("contests B [5..10]; holds A 0/10", 10, FOUGHT),
        ("contests B [5..10]; holds A [0..20]", 10, FOUGHT),  # a moment says of no instant that it was quiet
    ],
)
def test_a_fight_goes_on_until_its_end_a_capture_a_later_sighting_or_a_quiet_span(
    claims: str, q: int, shown: str
) -> None:
    assert Told(f"holds A 0; {claims}").shows(q) == shown


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        ("holds A 0; contests B 10/20; loses B 15", "held A"),
        ("holds A 0; contests B 10; loses B 15", "held A"),
        ("holds A 0; contests B 10; loses B 10", "held A"),
        ("holds A 0; contests B 10; loses B [9..12]", FOUGHT),  # it may have come before
        ("holds A 0; contests B,C 10; loses B 15", "contested, held A, parties A C"),
        ("holds A 0; contests B 10; loses C 15", FOUGHT),  # nobody who is there
        ("holds A 0; contests D 10; loses B 15", "held A"),  # D is of B's side
        ("holds A 0; contests B 10; loses D 15", FOUGHT),
        ("holds A 0; contests B 10/20; loses A 15", "vacated"),
        ("holds A 0; takes C 1; contests B 10; loses A 15", "contested, held C, parties B C"),
        ("contests B 10; loses C 12", "contested, parties B"),
        ("holds C 0; contests B 10; loses C 12", "vacated"),
        ("contests A,C,D,B 10; loses B 12", "contested, parties A C"),
        ("contests A,E,B 10; loses B 12", "unknown"),  # A and E are of one side: the fight is over
    ],
)
def test_a_loss_ends_a_fight_that_leaves_fewer_than_two_sides(claims: str, shown: str) -> None:
    assert Told(claims, aligned="D with B; E with A").shows(16) == shown


def test_whether_two_sides_are_left_is_judged_at_the_instant_asked_about() -> None:
    told = Told("contests A,E,B 10; loses B 12", aligned="E with A 14..18")
    assert [told.shows(q) for q in (13, 14, 18)] == ["contested, parties A E", "unknown", "contested, parties A E"]


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        ("contests B 10; contests C 11", "contested, parties B C"),
        ("contests A,B 10/12; contests B,C 11/19", "contested, parties B C"),
        ("holds A 0; contests D,B 10", "contested, held A, parties B D"),  # A covers D
        ("holds D 0; contests A,B 10", "contested, held D, parties B D"),
        ("holds A 0", "held A"),
        ("takes B 12; holds A 14; contests C 15", "contested, held B, challenged by A, parties B C"),
        ("loses A 5; contests B,C 10", "contested, parties B C"),
    ],
)
def test_the_parties_are_all_who_fight_on_and_the_holders_but_for_those_above_others(claims: str, shown: str) -> None:
    assert Told(claims, aligned="D with A").shows(15) == shown


# ---------------------------------------------------------------------------------------------------------------
# §6: the fields of an answer
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claims", "q", "shown", "since"),
    [
        ("holds A [1..3]; holds A 5", 6, "held A", (1, 3)),
        ("holds A 5; holds A [1..4]; takes A [0..4]", 6, "held A", (0, 4)),
        ("holds A 2/8; holds A 5", 6, "held A", (2, 2)),
        ("loses A [1..3]; loses B 5", 6, "vacated", (1, 3)),
        ("holds A 0; contests B [1..3]; contests C 2/9", 6, "contested, held A, parties A B C", (2, 2)),
        ("holds A 0; contests B [1..3]; contests C 4/9", 6, "contested, held A, parties A B C", (1, 3)),
        ("takes B 1; holds A 3; holds A 5 as r2", 6, "disputed, held B, challenged by A", (3, 3)),
        ("takes B [1..6]; takes A [2..5]", 6, "disputed, held B, challenged by A", (1, 6)),
        ("takes A [1..6]; takes B [1..6]; holds C [2..8]", 9, "disputed, held A, challenged by B", (1, 6)),
        ("takes B [1..6]; takes A [1..6]; takes C [1..5] doubtful", 6, "disputed, held A, challenged by B", (1, 6)),
        ("holds A 0; takes B [4..7]; takes C [5..9]", 6, "changing from held A to disputed, held C, challenged by B",
         (4, 9)),
        ("holds A 0; takes B [4..7]; holds A [1..19]", 6, "changing from held A to disputed, held B, challenged by A",
         (1, 19)),
        ("loses A 4; contests B,C 2", 1, "unknown", None),
    ],
)  # fmt: skip
def test_since(claims: str, q: int, shown: str, since: tuple[int, int] | None) -> None:
    told = Told(claims)
    assert (told.shows(q), told.since(q)) == (shown, since)


@pytest.mark.parametrize(
    ("claims", "q", "last", "grade"),
    [
        ("holds A 0; holds A 5", 9, 5, "possible"),
        ("holds A 0; holds A 5/8", 7, 7, "possible"),
        ("holds A 0; holds A 5/8", 9, 8, "possible"),
        ("holds A 0 probable; holds A 5", 9, 5, "probable"),
        ("holds A 0; holds B 5 doubtful", 9, 0, "possible"),  # the dissent confirms nothing
        ("holds A 0; contests B 5/9 confirmed", 7, 7, "confirmed"),
        ("holds A 0; takes B [5..9] probable", 7, 0, "possible"),  # changing: as before
        ("contests A 5/9", 4, None, None),
        ("takes A [5..9]", 7, None, None),
    ],
)
def test_last_confirmed_and_credibility_are_of_the_basis(
    claims: str, q: int, last: int | None, grade: str | None
) -> None:
    answer = Told(claims).answer(q, policy=EVERYTHING)
    assert answer.last_confirmed == last
    assert (answer.credibility and answer.credibility.word) == grade


def test_lists_of_reports_go_by_time_and_name_each_once() -> None:
    told = Told("holds A 5 as z; holds A 3 as y; holds A 5 as a; holds A 4/9 as z; holds A [2..5] as m")
    assert told.answer(6).basis == ("m", "y", "z", "a")


def test_the_basis_is_the_standing_group_and_the_fights_and_the_dissent_all_other_groups() -> None:
    told = Told("takes A [0..9]; takes B [0..8]; takes C [0..7]; contests E 9; contests E 1/3; holds F 0")
    answer = told.answer(10)
    assert in_words(answer) == "contested, held A, challenged by B, parties A E"
    assert (answer.basis, answer.dissent) == (("r1", "r4"), ("r3", "r2"))


@pytest.mark.parametrize(
    ("claims", "q", "unconfirmed"),
    [
        ("holds A 5; takes B 6 doubtful", 6, ("r2",)),
        ("holds A 5; takes B 6 doubtful", 5, ()),  # not yet
        ("holds A 5; takes B 5 doubtful", 9, ("r2",)),
        ("holds A 5; takes B 4 doubtful", 9, ()),  # older than what answers
        ("holds A 5; takes B [4..7] doubtful", 5, ("r2",)),  # pending
        ("holds A 5; takes B [4..7] doubtful", 3, ()),
        ("holds A 5; holds B 4/9 doubtful", 6, ()),  # its t is 4
        ("holds A 5; holds B 6/9 doubtful", 7, ("r2",)),
        ("contests A 5; takes B 1 doubtful", 4, ("r2",)),  # nothing answers yet
        ("holds A 0; contests A,B 5; takes B 4 doubtful; takes B 5 doubtful", 6, ("r4",)),
        ("takes A [0..4]; takes B [0..6]; holds C 3 doubtful; holds C 6 doubtful", 6, ("r4",)),
        ("holds A 5; takes B [7..9]; takes C 4 doubtful; takes C 6 doubtful", 8, ("r4",)),  # since of before
        ("holds A 5; takes B [0..9] doubtful; takes B [1..2] doubtful", 9, ("r2",)),  # as written
        ("holds A [0..9]; holds A 3; takes B 4 doubtful", 9, ("r3",)),  # what answers is sharpened
        ("holds A 0; takes C 7 doubtful; takes B 6 doubtful as z; takes B 6 doubtful as a", 9, ("a", "z", "r2")),
        ("holds A 0; takes C 5 doubtful as x; takes B 6 doubtful as x", 9, ("x",)),
    ],
)
def test_unconfirmed_is_what_is_left_out_and_not_older_than_what_answers(
    claims: str, q: int, unconfirmed: tuple[str, ...]
) -> None:
    assert Told(claims).answer(q).unconfirmed == unconfirmed


# ---------------------------------------------------------------------------------------------------------------
# §6: inside a settlement
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["area", "district", "governorate", "country"])
def test_nothing_is_inherited_through_a_region(kind: str) -> None:
    told = Told("holds A 0", places={**PLACES, "region": (kind, "town"), "house": ("facility", "region")})
    assert (told.shows(5, "house"), told.answer(5, "house").inherited_from) == ("unknown", None)
    assert told.shows(5, "quarter") == "held A"


@pytest.mark.parametrize("kind", ["neighbourhood", "facility", "base", "hill", "road", "crossing"])
def test_nothing_is_inherited_from_what_is_no_settlement_nor_in_one(kind: str) -> None:
    told = Told("other holds A 0", places={**PLACES, "other": (kind, None), "house": ("facility", "other")})
    assert told.shows(5, "house") == "unknown"


@pytest.mark.parametrize("kind", ["city", "town", "village"])
def test_a_place_inherits_through_several_levels(kind: str) -> None:
    told = Told("holds A 0", places={**PLACES, "town": (kind, None)})
    answer = told.answer(5, "house")
    assert (in_words(answer), answer.inherited_from, answer.basis) == ("held A", "town", ("r1",))


def test_a_place_inherits_from_the_nearest_that_has_claims_with_all_its_evidence() -> None:
    told = Told("takes A 0; quarter contests B 5")
    answer = told.answer(6, "house")
    assert (in_words(answer), answer.inherited_from) == ("contested, held A, parties A B", "quarter")
    assert answer.basis == ("r1", "r2")


def test_claims_yet_to_come_do_not_stop_a_place_from_inheriting() -> None:
    told = Told("holds A 0; quarter takes B [5..9]")
    assert [told.answer(q, "quarter").inherited_from for q in (4, 5)] == ["town", None]
    assert (told.shows(6, "quarter"), told.since(6, "quarter")) == (A_TO_B, (5, 9))


def test_claims_that_do_not_count_do_not_stop_a_place_from_inheriting() -> None:
    answer = Told("holds A 0; quarter takes B 5 doubtful; takes C 6 doubtful; house takes E 7 doubtful").answer(
        9, "quarter"
    )
    assert (answer.inherited_from, answer.unconfirmed) == ("town", ("r2", "r3"))


def test_unconfirmed_goes_up_to_the_place_that_answered_and_no_further() -> None:
    told = Told("quarter holds A 0; house takes B 5 doubtful; takes C 6 doubtful; quarter takes E 7 doubtful")
    assert told.answer(9, "house").unconfirmed == ("r2", "r4")
    assert told.answer(9, "quarter").unconfirmed == ("r4",)


def test_a_place_that_nothing_answers_for_is_unknown_with_its_own_unconfirmed() -> None:
    answer = Told("takes C 6 doubtful; quarter takes B 5 doubtful").answer(9, "quarter")
    assert (in_words(answer), answer.inherited_from, answer.unconfirmed) == ("unknown", None, ("r2",))


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        ("quarter holds A 0; takes B 5", "held B"),
        ("quarter takes A 0; loses A 5", "vacated"),
        ("quarter holds A 0; contests B 5", "held A"),  # a fight elsewhere in the town
        ("quarter holds A 0; holds B 5", "held A"),
        ("quarter holds A 0; holds B 5 probable", "held B"),
        ("quarter holds A 0; quarter takes A 1 confirmed; holds B 5 probable", "held A"),  # not better than every own
        ("quarter contests B 5; holds A 0 doubtful", "contested, held A, parties A B"),  # no own to be better than
        ("quarter loses B 5; holds A 0 doubtful", "held A"),  # nor here, and who lost it is another
        ("quarter takes A 0; house takes B 5", "held A"),  # what is inside it is not it
        ("quarter takes A 0; takes B [4..9]", A_TO_B),
    ],
)
def test_beside_its_own_claims_a_place_has_what_is_said_of_those_around_it(claims: str, shown: str) -> None:
    told = Told(claims)
    assert told.shows(6, "quarter", EVERYTHING) == shown
    assert told.answer(6, "quarter", EVERYTHING).inherited_from is None


def test_before_and_after_each_go_by_their_own_claims() -> None:
    """Before, the quarter has no holder of its own, so the town's weak sighting counts; after, it has."""
    told = Told("holds A 0 doubtful; quarter takes B [5..9]")
    assert told.shows(6, "quarter", EVERYTHING) == A_TO_B
    assert told.answer(6, "quarter", EVERYTHING).basis == ("r1",)
    assert told.answer(9, "quarter", EVERYTHING).dissent == ()


def test_exceptions_are_the_places_inside_that_show_something_else() -> None:
    told = Told("holds A 0; quarter takes B 5; house holds A 7")
    assert [told.answer(q).exceptions for q in (4, 5, 7)] == [(), ("quarter",), ("quarter",)]
    assert told.answer(7, "quarter").exceptions == ()  # it is no settlement
    assert Told("holds A 0; house takes B 5; quarter takes B 5").answer(5).exceptions == ("house", "quarter")


@pytest.mark.parametrize(
    ("claims", "exceptions"),
    [
        ("quarter holds A 3", ()),
        ("quarter contests B 3", ("quarter",)),  # the status
        ("quarter takes B 3", ("quarter",)),  # the holders
        ("quarter takes B [3..8]", ("quarter",)),  # pending
        ("quarter takes B [7..8]", ()),  # yet to come
        ("quarter takes B 3 doubtful", ()),  # left out
        ("quarter takes A 3; contests B 4", ("quarter",)),
        ("contests B 4; quarter contests C 4", ("quarter",)),  # the parties
        ("takes A 2; holds B 3; quarter takes A 4", ("quarter",)),  # the challenger
    ],
)
def test_a_place_is_an_exception_by_what_its_own_claims_show(claims: str, exceptions: tuple[str, ...]) -> None:
    assert Told(f"holds A 0; {claims}").answer(5).exceptions == exceptions


def test_a_settlement_inside_a_settlement_can_be_an_exception_and_have_some() -> None:
    places = {**PLACES, "town": ("town", "city"), "city": ("city", None)}
    told = Told("city holds A 0; holds B 1; quarter holds A 2", places=places)
    assert told.answer(5, "city").exceptions == ("town",)
    assert told.answer(5, "town").exceptions == ("quarter",)


# ---------------------------------------------------------------------------------------------------------------
# §6: by side
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claims", "q", "shown", "by_side"),
    [
        ("takes D 0", 5, "held D", "held A"),
        ("takes D 0", 30, "held D", "held D"),  # aligned no more
        ("takes D,E 0", 5, "held D E", "held A"),
        ("takes B 1; holds D,E 3", 5, "disputed, held B, challenged by D E", "disputed, held B, challenged by A"),
        ("holds D 1; contests E,B 3", 5, "contested, held D, parties B D E", "contested, held A, parties A B"),
        ("holds D 0; takes B [4..8]", 5, "changing from held D to held B", A_TO_B),
        ("holds D 0; takes E [4..8]", 5, "changing from held D to held D E", "held A"),
        ("contests B,C 3", 5, "contested, parties B C", "contested, parties B C"),
    ],
)
def test_by_side_each_force_is_shown_by_its_side_at_that_instant(claims: str, q: int, shown: str, by_side: str) -> None:
    told = Told(claims, aligned="D with A ..30; E with A ..30")
    assert (told.shows(q), told.shows(q, by_side=True)) == (shown, by_side)


def test_a_change_among_one_side_is_shown_by_side_as_what_was_before() -> None:
    answer = Told("holds D 0; takes E [4..8]", aligned="D with A; E with A").answer(5, by_side=True)
    assert (answer.before, answer.after) == (None, None)
    assert answer.since is not None
    assert (answer.since.earliest, answer.since.latest, answer.basis) == (0, 0, ("r1",))


# ---------------------------------------------------------------------------------------------------------------
# §6: the timeline
# ---------------------------------------------------------------------------------------------------------------


def test_a_timeline_joins_neighbours_that_show_the_same() -> None:
    told = Told("holds A 0; holds A 5; takes B [17..21]; takes C 5 doubtful")
    assert told.timeline(30) == [(0, 17, "held A"), (17, 21, A_TO_B), (21, None, "held B")]


def test_a_timeline_starts_with_the_first_that_is_not_unknown_and_keeps_later_ones() -> None:
    told = Told("contests A,B 3; loses B 7; quarter contests A 1")
    assert told.timeline(30) == [(3, 7, "contested, parties A B"), (7, None, "unknown")]
    assert Told("quarter holds A 1").timeline(30) == []


def test_a_timeline_can_be_open_at_its_start() -> None:
    assert Told("holds A ../5; takes B 9").timeline(30) == [(None, 9, "held A"), (9, None, "held B")]
    assert Told("holds A ../5").timeline(30) == [(None, None, "held A")]


def test_other_fields_of_a_segment_are_those_just_before_its_end_and_of_the_last_those_of_now() -> None:
    told = Told("holds A 0; holds A 5; takes B 10; holds B 12/40; holds B 20")
    assert [(each.last_confirmed, each.basis) for each in told.segments(15)] == [(5, ("r1", "r2")), (15, ("r3", "r4"))]
    assert [each.last_confirmed for each in told.segments(7)] == [5, 10]  # the last starts later than now


def test_a_span_confirms_to_the_last_instant_of_its_segment() -> None:
    assert [each.last_confirmed for each in Told("holds A 0/20; takes B 20").segments(30)] == [19, 20]


def test_a_timeline_turns_where_alignments_do() -> None:
    told = Told("takes A,D 0", aligned="D with A 5..9")
    assert told.timeline(30) == [(0, 5, "held A D"), (5, 9, "held D"), (9, None, "held A D")]
    assert told.timeline(30, by_side=True) == [(0, 5, "held A D"), (5, 9, "held A"), (9, None, "held A D")]


def test_by_side_a_change_among_one_side_is_no_segment() -> None:
    told = Told("holds D 0; takes E [4..8]", aligned="D with A; E with A")
    assert told.timeline(30, by_side=True) == [(0, None, "held A")]
    assert [segment[:2] for segment in told.timeline(30)] == [(0, 4), (4, 8), (8, None)]


def test_a_change_into_another_change_is_two_segments() -> None:
    told = Told("holds A 0; takes B [5..9]; takes C [7..9]")
    assert told.timeline(30) == [
        (0, 5, "held A"),
        (5, 7, A_TO_B),
        (7, 9, "changing from held A to disputed, held B, challenged by C"),
        (9, None, "disputed, held B, challenged by C"),
    ]


def test_a_timeline_follows_what_is_around_the_place() -> None:
    told = Told("holds A 0; quarter contests B 4; quarter loses B 6; takes C 8")
    assert told.timeline(30, "quarter") == [
        (0, 4, "held A"),
        (4, 6, "contested, held A, parties A B"),
        (6, 8, "held A"),
        (8, None, "held C"),
    ]
