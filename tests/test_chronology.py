"""The chronology in tables: what is found, by whatever it is asked for, is what a look at every report would find."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import pytest
from chronologies import Event, logs
from feeding import record
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_chronology import Filter, PlainChronology, window

from domain.claims import KINDS
from domain.events import Recorded, ReportFiled
from domain.faults import Wrong
from domain.when.instant import BEGINNING, END
from projections.chronology.aside import Aside
from projections.chronology.chronology import Chronology
from projections.chronology.likeness import likeness
from projections.chronology.wanted import Wanted
from projections.chronology.words import query
from projections.folding import words

HOUR = 3_600_000_000


@contextmanager
def chronology(events: Sequence[Recorded] = (), batch: int = 1000) -> Iterator[Chronology]:
    """Tables that have followed the events, so many at a time."""
    database = Aside()
    try:
        found = Chronology(database)
        found.prepare(lambda: len(events))
        for start in range(0, len(events), batch):
            found.apply(events[start : start + batch])
        yield found
    finally:
        database.close()


def plain(events: Iterable[Recorded]) -> PlainChronology:
    found = PlainChronology()
    for recorded in events:
        found.apply(recorded)
    return found


def wanted(filter: Filter, model: PlainChronology, known_at: int) -> Wanted:
    forces = None if filter.force is None else frozenset(model.registries.ever_under(filter.force, known_at))
    return Wanted(
        filter.place,
        forces,
        filter.source,
        filter.kind,
        filter.start,
        filter.end,
        None if filter.q is None else query(filter.q),
    )


def found(tables: Chronology, wanted: Wanted, known_at: int, limit: int = 1000, before: int | None = None) -> Any:
    return [(each.id, each.filed) for each in tables.find(wanted, known_at, limit, before).found]


# ---------------------------------------------------------------------------------------------------------------
# Beside the plain filter
# ---------------------------------------------------------------------------------------------------------------

WORDS = [
    "seen",
    "heard",
    "filmed",
    "SEEN",
    "Place",
    '"Place 1"',
    "1",
    "2",
    "Force",
    '"Force 2"',
    "s1",
    "Source",
    "none",
]
"""Of the reports' texts, and of the names that the logs' things have."""


def filters(log: Sequence[Event]) -> st.SearchStrategy[Filter]:
    ids = {what: [each["id"] for each in log if each["type"] == what] for what in ("place", "force", "source")}
    starts = [each["recorded_at"] // HOUR * HOUR + hours * HOUR for each in log[:1] for hours in range(-120, 24, 6)]
    edge = st.sampled_from(starts).flatmap(lambda at: st.sampled_from([at, at - 1, at + 1]))
    return st.builds(
        Filter,
        place=st.none() | st.sampled_from(ids["place"]),
        force=st.none() | st.sampled_from(ids["force"]),
        source=st.none() | st.sampled_from(ids["source"]),
        kind=st.none() | st.sampled_from(["control", *KINDS]),
        start=st.just(BEGINNING) | edge,
        end=st.just(END) | edge,
        q=st.none() | st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join),
    )


@settings(max_examples=80)
@given(st.data())
def test_what_is_found_is_what_a_look_at_every_report_finds(data: st.DataObject) -> None:
    log = data.draw(logs(6, 40))
    events = record(log)
    model = plain(events)
    with chronology(events, data.draw(st.sampled_from([1, 7, 1000]))) as tables:
        for _ in range(12):
            filter = data.draw(filters(log))
            known_at = data.draw(st.integers(0, len(log)) | st.just(len(log)))
            before = data.draw(st.none() | st.integers(1, len(log) + 1))
            limit = data.draw(st.integers(1, 5) | st.just(1000))
            expected = list(model.find(filter, known_at, before))[:limit]
            assert found(tables, wanted(filter, model, known_at), known_at, limit, before) == expected


@settings(max_examples=40)
@given(st.data())
def test_reports_alike_are_those_that_a_look_at_every_claim_finds(data: st.DataObject) -> None:
    events = record(data.draw(logs(6, 40)))
    model = plain(events)
    known_at = data.draw(st.integers(0, len(events)) | st.just(len(events)))
    every = {
        likeness(claim, window(content, claim))
        for history in model.histories.values()
        for content in [history.content(len(events))]
        if content
        for claim in content.report.claims
    }
    asked = data.draw(st.sets(st.sampled_from(sorted(every)), max_size=4)) if every else set()
    with chronology(events) as tables:
        assert tables.alike(sorted(asked), known_at) == list(model.alike(asked, known_at))


@settings(max_examples=30)
@given(st.data())
def test_tables_come_out_the_same_however_the_log_was_cut_and_wherever_it_was_taken_up_again(
    data: st.DataObject,
) -> None:
    events = record(data.draw(logs(6, 40)))
    cut = data.draw(st.integers(0, len(events)))
    database = Aside()
    first = Chronology(database)
    first.prepare(lambda: len(events))
    first.apply(events[:cut] or events[:1])
    again = Chronology(database)  # a process that knows nothing of the names that the first one saw
    again.prepare(lambda: len(events))
    for start in range(0, len(events), 3):  # from the start: what is there is left out
        again.apply(events[start : start + 3])
    with chronology(events) as at_once:
        assert again.digests() == at_once.digests()
        assert again.position == len(events)
    database.close()


# ---------------------------------------------------------------------------------------------------------------
# Words
# ---------------------------------------------------------------------------------------------------------------

TOWN = {"id": "khitab", "name": "Khitab", "kind": "town", "aliases": ["Khattab", "خطاب"]}
REDS = {"id": "reds", "name": "The Red Army", "aliases": ["al-Ahmar"]}
HERALD = {"id": "herald", "name": "The Herald's Desk"}


def raw(*events: tuple[str, str, dict[str, Any]]) -> list[Recorded]:
    return record(
        [
            {"position": i, "recorded_at": i * HOUR, "type": type, "id": id, "body": body}
            for i, (type, id, body) in enumerate(events, 1)
        ]
    )


def filed(id: str, text: str, *claims: dict[str, Any], **more: Any) -> tuple[str, str, dict[str, Any]]:
    return "report", id, {"text": text, "occurred": "1970-01-01T00:00Z", "claims": list(claims), **more}


REGISTERED = (("place", "khitab", TOWN), ("force", "reds", REDS), ("source", "herald", HERALD))
SAID = (
    filed("named", "Shots were heard.", {"kind": "presence", "place": "khitab", "forces": ["reds"]}),
    filed("cited", "Shots were heard in al-Suqaylabiyah, near Ḥamāh.", sources=[{"source": "herald"}]),
    filed("texted", "فرّوا من حَماة إلى خطاب; Salamiyeh's mayor, in Homs, said: don't shoot"),
)


def says(q: str, *said: tuple[str, str, dict[str, Any]]) -> set[str]:
    with chronology(raw(*REGISTERED, *(said or SAID))) as tables:
        return {id for id, _ in found(tables, Wanted(query=query(q)), 100)}


@pytest.mark.parametrize(
    ("q", "ids"),
    [
        ("shots", {"named", "cited"}),
        ("SHOTS heard", {"named", "cited"}),
        ("heard shots", {"named", "cited"}),
        ('"heard shots"', set()),
        ('"were heard"', {"named", "cited"}),
        ('"were heard', {"named", "cited"}),
        ("Khattab", {"named"}),
        ("Khatab shots", {"named"}),
        ("خطاب", {"named", "texted"}),
        ("حماه", {"texted"}),
        ("حــماة", {"texted"}),
        ("Hamah", {"cited"}),
        ("hama heard", {"cited"}),
        ("Suqailabiya", {"cited"}),
        ("as-Suqaylabiyah", {"cited"}),
        ("Al Suqaylabiyah", {"cited"}),
        ('"in Suqailabiya near Hama"', {"cited"}),
        ("Suqay*", {"cited"}),
        ("Hamah*", {"cited"}),
        ("sho*", {"named", "cited", "texted"}),
        ("salam* may*", {"texted"}),
        ("al", set()),
        ("Hims", {"texted"}),
        ("salamiyah mayor", {"texted"}),
        ("dont", {"texted"}),
        ("don't shoot", {"texted"}),
        ("red army", {"named"}),
        ("ahmar", {"named"}),
        ('"khitab khattab"', set()),  # two names of one place
        ('"army ahmar"', set()),
        ("heralds", set()),
        ("herald", {"cited"}),
        ("khitab", {"named"}),
        ("presence", set()),
        ("NOT shots", set()),
        ("shots OR nothing", set()),
        ("text:shots", set()),
        ("shut", set()),
    ],
)
def test_a_report_is_found_by_its_words_and_by_every_name_of_what_it_names(q: str, ids: set[str]) -> None:
    assert says(q) == ids


def test_a_correction_is_found_by_its_own_words_and_what_was_known_before_by_those_before() -> None:
    correction = {**filed("named", "Nothing was heard.")[2], "reason": "x"}
    events = raw(*REGISTERED, *SAID, ("correction", "named", correction))
    with chronology(events) as tables:
        shots, nothing = Wanted(query=query("shots")), Wanted(query=query("nothing"))
        assert found(tables, shots, 6) == [("cited", 5), ("named", 4)]
        assert found(tables, nothing, 6) == []
        assert found(tables, shots, 7) == [("cited", 5)]
        assert found(tables, nothing, 7) == [("named", 4)]


@pytest.mark.parametrize("q", ["", " ", "*", '""', '"', "* *", "— · …", "'", "🙂", "()", '"*"', "ʿ"])
def test_what_has_no_word_in_it_asks_for_nothing(q: str) -> None:
    with pytest.raises(Wrong):
        query(q)


def test_a_query_is_at_most_200_characters() -> None:
    assert query("a" * 200).match
    with pytest.raises(Wrong):
        query("a" * 201)


@settings(max_examples=300)
@given(st.text(st.characters() | st.sampled_from("\"*()-+^:{}\\'\0ANDORTNE "), min_size=1, max_size=40))
def test_nothing_that_can_be_typed_is_syntax(q: str) -> None:
    try:
        asked = query(q)
    except Wrong:
        return
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE found USING fts5 (words, names, content='', tokenize='ascii')")
        connection.execute("INSERT INTO found (rowid, words, names) VALUES (1, ?, '')", (" ".join(words(q)),))
        everything = connection.execute("SELECT rowid FROM found WHERE found MATCH ?", (asked.match,)).fetchall()
    assert everything == [(1,)], "a text is found by all of its own words"


# ---------------------------------------------------------------------------------------------------------------
# Alike
# ---------------------------------------------------------------------------------------------------------------

SHELLED = {"kind": "strike", "places": ["khitab"], "by": ["reds"], "weapon": "air"}
ALIKE = {
    "what else is said of it": SHELLED | {"weapon": "drone", "count": {"low": 3}},
    "the side of it that a force is on": {"kind": "strike", "places": ["khitab"], "against": ["reds"]},
    "a place named twice": SHELLED | {"places": ["khitab", "khitab"]},
    "its window, said otherwise": SHELLED | {"occurred": "1970-01-01T01:00+01:00"},
    "the happening it belongs to": SHELLED | {"event": "the-fall"},
}
UNLIKE = {
    "another kind": {"kind": "clash", "places": ["khitab"], "forces": ["reds"]},
    "no force": {"kind": "strike", "places": ["khitab"]},
    "no place": {"kind": "strike", "places": [], "by": ["reds"]},
    "another window": SHELLED | {"occurred": "1970-01-01T00:01Z"},
    "a wider window": SHELLED | {"occurred": "[1970-01-01T00:00Z..1970-01-01T00:01Z]"},
}


def likeness_of(claim: dict[str, Any]) -> str:
    [_, _, _, recorded] = raw(*REGISTERED, filed("r", "x", claim))
    assert isinstance(recorded.event, ReportFiled)
    report = recorded.event.report
    return likeness(report.claims[0], (report.claims[0].occurred or report.occurred).window(recorded.recorded_at))


@pytest.mark.parametrize("claim", ALIKE.values(), ids=list(ALIKE))
def test_claims_of_one_kind_about_the_same_in_the_same_window_are_alike_but_for(claim: dict[str, Any]) -> None:
    assert likeness_of(claim) == likeness_of(SHELLED)


@pytest.mark.parametrize("claim", UNLIKE.values(), ids=list(UNLIKE))
def test_claims_are_not_alike_that_have(claim: dict[str, Any]) -> None:
    assert likeness_of(claim) != likeness_of(SHELLED)


# ---------------------------------------------------------------------------------------------------------------
# The tables
# ---------------------------------------------------------------------------------------------------------------


def test_the_position_and_the_rows_are_one_transaction() -> None:
    """A batch that fails in its middle leaves nothing behind."""
    events = raw(*REGISTERED, *SAID, ("retraction", "never", {"reason": "x"}))
    with chronology(events[:4]) as tables:
        before = tables.digests()
        with pytest.raises(ValueError, match="position 7"):
            tables.apply(events[4:])
        assert tables.digests() == before
        assert tables.position == 4


def test_a_position_is_told_only_once_its_rows_are_committed() -> None:
    """Who waits for a position reads at once."""
    events = raw(*REGISTERED, *SAID)
    told: list[int] = []

    class Watched(Aside):
        @contextmanager
        def writing(self) -> Iterator[sqlite3.Cursor]:
            with super().writing() as cursor:
                yield cursor
                told.append(tables.position)  # the commit is still to come

    with closing(Watched()) as database:
        tables = Chronology(database)
        tables.empty()
        told.clear()
        tables.apply(events)
        assert (told, tables.position) == ([0], 6)


def test_what_does_not_follow_on_the_tables_is_left_out() -> None:
    events = raw(*REGISTERED, *SAID)
    with chronology(events[:3]) as tables, chronology(events) as whole:
        tables.apply(events[4:])
        assert tables.position == 3
        tables.apply(events)
        assert (tables.position, tables.digests()) == (6, whole.digests())


FOREIGN = [
    "UPDATE chronology_state SET form = '0'",
    "UPDATE chronology_state SET position = 7",
    "DELETE FROM chronology_state",
    "DROP TABLE chronology_links",
    "DROP INDEX chronology_windows_of",
    "DROP TABLE chronology_words",
    "UPDATE chronology_state SET position = 'six'",
]


@pytest.mark.parametrize("statement", FOREIGN)
def test_tables_that_cannot_be_those_of_the_log_are_made_anew(statement: str) -> None:
    events = raw(*REGISTERED, *SAID)
    database = Aside()
    tables = Chronology(database)
    tables.prepare(lambda: 6)
    tables.apply(events)
    sound = tables.digests()
    with database.writing() as cursor:
        cursor.execute(statement)
    again = Chronology(database)
    again.prepare(lambda: 6)
    assert again.position == 0
    again.apply(events)
    assert again.digests() == sound
    database.close()


def test_tables_that_are_gone_are_told_and_not_written() -> None:
    events = raw(*REGISTERED, *SAID)
    database = Aside()
    tables = Chronology(database)
    with pytest.raises(ValueError, match="gone"):
        tables.apply(events)
    assert tables.find(Wanted(), 6, 10).found == []
    assert tables.alike([likeness_of(SHELLED)], 6) == []
    database.close()


def test_rows_beyond_the_position_are_no_silent_loss() -> None:
    events = raw(*REGISTERED, *SAID)
    database = Aside()
    tables = Chronology(database)
    tables.prepare(lambda: 6)
    tables.apply(events)
    with database.writing() as cursor:
        cursor.execute("UPDATE chronology_state SET position = 4")
    with pytest.raises(ValueError, match="rebuild"):
        tables.apply(events)
    database.close()
