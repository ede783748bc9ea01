"""The chronology in tables: what is found, by whatever it is asked for, is what a look at every report would find."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest
from chronologies import Event, logs
from feeding import record
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_chronology import Filter, PlainChronology, window
from postgres import PostgresServer

from domain.claims import KINDS, Claim, Control, Effect
from domain.events import PlaceRegistered, Recorded, ReportFiled
from domain.faults import Wrong
from domain.place import Place, PlaceKind
from domain.when.instant import BEGINNING, END
from event_store.codec import encode
from event_store.gist import Gists
from event_store.postgres.database import PostgresDatabase
from projections.chronology.aside import Aside
from projections.chronology.chronology import Chronology
from projections.chronology.keeping import Database
from projections.chronology.likeness import likeness
from projections.chronology.wanted import Wanted
from projections.chronology.words import query

HOUR = 3_600_000_000


@contextmanager
def on_postgres(server: PostgresServer) -> Iterator[PostgresDatabase]:
    address = server.new_database()
    with closing(PostgresDatabase(address, lambda _: None, create=True)) as found:
        yield found
    server.drop(address)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of each engine, for one test after the other."""
    if request.param == "sqlite":
        with closing(Aside()) as found:
            yield found
    else:
        with on_postgres(request.getfixturevalue("postgres_server")) as found:
            yield found


def filled(database: Database, events: Sequence[Recorded] = (), batch: int = 1000) -> Chronology:
    """Tables made anew that have followed the events, so many at a time."""
    found = Chronology(database)
    found.empty()
    for start in range(0, len(events), batch):
        found.apply(events[start : start + batch])
    return found


@settings(max_examples=30, deadline=None)
@given(log=logs(), batch=st.integers(1, 60))
def test_tables_filled_from_gists_say_what_those_from_events_say(log: list[dict[str, Any]], batch: int) -> None:
    events = record(log)
    rows = [(each.position, each.recorded_at, each.version, *encode(each.event)) for each in events]
    with aside(events) as expected, closing(Aside()) as database:
        found = filled(database)
        while found.position < len(rows):
            found.apply(Gists(rows[found.position : found.position + batch], found.position))
        assert found.digests() == expected.digests()


@contextmanager
def aside(events: Sequence[Recorded]) -> Iterator[Chronology]:
    """Tables as SQLite has them, to compare with."""
    with closing(Aside()) as found:
        yield filled(found, events)


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


def same(one: Any, other: Any) -> bool:
    """Whether tables say the same in every part that both engines have."""
    return one[0] == other[0] and all(one[1][part] == other[1][part] for part in one[1].keys() & other[1].keys())


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
    "Pla*",
    "fil*",
    "For-2*",
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
def test_what_is_found_is_what_a_look_at_every_report_finds(database: Database, data: st.DataObject) -> None:
    log = data.draw(logs(6, 40))
    events = record(log)
    model = plain(events)
    tables = filled(database, events, data.draw(st.sampled_from([1, 7, 1000])))
    for _ in range(12):
        filter = data.draw(filters(log))
        known_at = data.draw(st.integers(0, len(log)) | st.just(len(log)))
        before = data.draw(st.none() | st.integers(1, len(log) + 1))
        limit = data.draw(st.integers(1, 5) | st.just(1000))
        expected = list(model.find(filter, known_at, before))[:limit]
        assert found(tables, wanted(filter, model, known_at), known_at, limit, before) == expected


@settings(max_examples=40)
@given(st.data())
def test_reports_alike_are_those_that_a_look_at_every_claim_finds(database: Database, data: st.DataObject) -> None:
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
    assert filled(database, events).alike(sorted(asked), known_at) == list(model.alike(asked, known_at))


@settings(max_examples=30)
@given(st.data())
def test_tables_come_out_the_same_however_the_log_was_cut_and_wherever_it_was_taken_up_again(
    database: Database, data: st.DataObject
) -> None:
    events = record(data.draw(logs(6, 40)))
    cut = data.draw(st.integers(0, len(events)))
    filled(database, events[:cut] or events[:1])
    again = Chronology(database)  # a process that knows nothing of the names that the first one saw
    again.prepare(lambda: len(events))
    for start in range(0, len(events), 3):  # from the start: what is there is left out
        again.apply(events[start : start + 3])
    with aside(events) as at_once:
        assert same(again.digests(), at_once.digests())
        assert again.position == len(events)


def test_very_many_at_once_come_out_as_one_by_one(database: Database) -> None:
    events = raw(*REGISTERED, *((kind, f"r{i}", report) for i in range(150) for kind, _, report in SAID[:1]))
    with aside(events) as at_once:
        assert same(filled(database, events, batch=1).digests(), at_once.digests())


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


def saying(text: str, position: int = 1, claims: tuple[Claim, ...] = ()) -> Recorded:
    """A filing of any text, also of one that the intake would refuse."""
    [recorded] = raw(filed("x", "x"))
    assert isinstance(recorded.event, ReportFiled)
    event = ReportFiled(f"r{position}", replace(recorded.event.report, text=text, claims=claims))
    return replace(recorded, position=position, stream=f"report:r{position}", event=event)


REGISTERED = (("place", "khitab", TOWN), ("force", "reds", REDS), ("source", "herald", HERALD))
SAID = (
    filed("named", "Shots were heard.", {"kind": "presence", "place": "khitab", "forces": ["reds"]}),
    filed("cited", "Shots were heard in al-Suqaylabiyah, near Ḥamāh.", sources=[{"source": "herald"}]),
    filed("texted", "فرّوا من حَماة إلى خطاب; Salamiyeh's mayor, in Homs, said: don't shoot"),
)


def says(database: Database, q: str, *said: tuple[str, str, dict[str, Any]]) -> list[str]:
    tables = filled(database, raw(*REGISTERED, *(said or SAID)))
    return [id for id, _ in found(tables, Wanted(query=query(q)), 100)]


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
def test_a_report_is_found_by_its_words_and_by_every_name_of_what_it_names(
    database: Database, q: str, ids: set[str]
) -> None:
    assert set(says(database, q)) == ids


def test_a_correction_is_found_by_its_own_words_and_what_was_known_before_by_those_before(database: Database) -> None:
    correction = {**filed("named", "Nothing was heard.")[2], "reason": "x"}
    tables = filled(database, raw(*REGISTERED, *SAID, ("correction", "named", correction)))
    shots, nothing = Wanted(query=query("shots")), Wanted(query=query("nothing"))
    assert found(tables, shots, 6) == [("cited", 5), ("named", 4)]
    assert found(tables, nothing, 6) == []
    assert found(tables, shots, 7) == [("cited", 5)]
    assert found(tables, nothing, 7) == [("named", 4)]


PATENT = "\N{SQUARE APAATO}"
"""One sign that stands for four: so what is asked for can be longer than an index takes."""

SIGNS = [
    *("al", "el-", "ham", "hamah", "seen", "places", "Suqaylabiyah", "and", "OR", "not", "near", "1", "12", "'s"),
    *("خطاب", "حَماة", "ال", "ﷺ", "㌀", "東京", "𝐀𝐁c", "Ⓐ", "ﬁn", "ẞ", "İ", "né", "क्ष", "५", "ǆ"),
    *("\0", "a\0b", "'", "''", "\\", "%", "_", "?", "%s", "{", ":", "&", "|", "!", "<->", "$$", "·", "—", "\u200f"),
    *("xz" * 125, "xz" * 2500, "شس" * 60, PATENT * 62, PATENT * 63, PATENT * 64, PATENT * 190),
]
"""What is a word, or some, or none, or hard on an index."""


@settings(max_examples=60)
@given(st.data())
def test_any_words_are_found_alike_on_every_engine(database: Database, data: st.DataObject) -> None:
    text = st.lists(st.sampled_from(SIGNS) | st.text(max_size=5), max_size=12).map(" ".join)
    events = [saying(each, i) for i, each in enumerate(data.draw(st.lists(text, min_size=1, max_size=6)), 1)]
    unit = st.lists(st.sampled_from(SIGNS), min_size=1, max_size=3).map(" ".join)
    tables = filled(database, events)
    with aside(events) as others:
        assert same(tables.digests(), others.digests())
        for _ in range(20):
            units = data.draw(st.lists(st.tuples(st.sampled_from(['"{}"', "{}", "{}*"]), unit), max_size=3))
            with suppress(Wrong):
                asked = Wanted(query=query(" ".join(form.format(each) for form, each in units)[:200]))
                assert found(tables, asked, 9) == found(others, asked, 9)


def test_words_that_no_index_holds_are_found(database: Database) -> None:
    """Too many, too long, far behind the others, or come back more often than places are counted."""
    many = " ".join(f"w{i}ﷺ" for i in range(60_000))
    often = "hama held " * 9000
    tables = filled(database, [saying(f"first {many} last"), saying(f"{often} hama fell", 2), saying("nothing", 3)])
    tables.apply([saying("xz" * 2500, 4), saying(PATENT * 99, 5), saying(PATENT * 100, 6)])
    for q, filings in {
        "w59999*": [1],
        "w5999*": [1],
        "first last": [1],
        '"first last"': [],
        '"hama fell"': [2],
        '"held fell"': [],
        "noth*": [3],
        f"{'xz' * 99}*": [4],
        "xz" * 100: [],
        PATENT * 99: [5],
        PATENT * 100: [6],
        f"{PATENT * 99}*": [6, 5],
    }.items():
        assert [filed for _, filed in found(tables, Wanted(query=query(q)), 9)] == filings, q


@pytest.mark.parametrize("q", ["", " ", "*", '""', '"', "* *", "— · …", "'", "🙂", "()", '"*"', "ʿ"])
def test_what_has_no_word_in_it_asks_for_nothing(q: str) -> None:
    with pytest.raises(Wrong):
        query(q)


def test_a_query_is_at_most_200_characters() -> None:
    assert query("a" * 200).units
    with pytest.raises(Wrong):
        query("a" * 201)


@settings(max_examples=300)
@given(st.text(st.characters() | st.sampled_from("\"*()-+^:{}\\'\0ANDORTNE "), min_size=1, max_size=40))
def test_nothing_that_can_be_typed_is_syntax(database: Database, q: str) -> None:
    """A text is found by all of its own words."""
    with suppress(Wrong):
        asked = Wanted(query=query(q))
        tables = Chronology(database)
        position = tables.position + 1
        tables.apply([saying(q, position)])
        assert (f"r{position}", position) in found(tables, asked, position)


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


def test_the_position_and_the_rows_are_one_transaction(database: Database) -> None:
    """A batch that fails in its middle leaves nothing behind."""
    events = raw(*REGISTERED, *SAID, ("retraction", "never", {"reason": "x"}))
    tables = filled(database, events[:4])
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


def test_what_does_not_follow_on_the_tables_is_left_out(database: Database) -> None:
    events = raw(*REGISTERED, *SAID)
    tables = filled(database, events[:3])
    with aside(events) as whole:
        tables.apply(events[4:])
        assert tables.position == 3
        tables.apply(events)
        assert tables.position == 6
        assert same(tables.digests(), whole.digests())


@pytest.mark.parametrize("to", [0, 2, 4, 5, 6])
def test_rows_that_were_ready_for_tables_that_have_moved_since_are_gathered_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch, to: int
) -> None:
    """Another process fills the tables, or sets them back, between one's look at them and its own transaction."""
    events = raw(*REGISTERED, *SAID)
    tables, writing = filled(database, events[:3]), database.writing

    @contextmanager
    def late(*_: object) -> Iterator[Any]:
        monkeypatch.undo()
        filled(database, events[:to])
        with writing() as cursor:
            yield cursor

    for name in ("writing", "deriving"):
        monkeypatch.setattr(type(database), name, late)
    tables.apply(events[3:])
    assert tables.position == (6 if to >= 3 else to)
    tables.apply(events)
    with aside(events) as whole:
        assert (tables.position, same(tables.digests(), whole.digests())) == (6, True)


FOREIGN = [
    "UPDATE chronology_state SET form = '0'",
    "UPDATE chronology_state SET position = 7",
    "DELETE FROM chronology_state",
    "DROP TABLE chronology_links",
    "DROP INDEX chronology_windows_of",
    "DROP TABLE chronology_words",
]
FOREIGN_TO = {
    "sqlite": "UPDATE chronology_state SET position = 'six'",
    "postgres": "DROP INDEX chronology_words_in",
}


@pytest.mark.parametrize("statement", [*FOREIGN, None])
def test_tables_that_cannot_be_those_of_the_log_are_made_anew(database: Database, statement: str | None) -> None:
    events = raw(*REGISTERED, *SAID)
    tables = filled(database, events)
    sound = tables.digests()
    with database.writing() as cursor:
        cursor.execute(statement or FOREIGN_TO[database.dialect])
    again = Chronology(database)
    again.prepare(lambda: 6)
    assert again.position == 0
    again.apply(events)
    assert again.digests() == sound


def test_tables_that_are_gone_are_told_and_not_written(database: Database) -> None:
    events = raw(*REGISTERED, *SAID)
    tables = filled(database)
    with database.writing() as cursor:
        cursor.execute("DROP TABLE chronology_state")
    with pytest.raises(ValueError, match="gone"):
        tables.apply(events)
    assert tables.find(Wanted(), 6, 10).found == []
    assert tables.alike([likeness_of(SHELLED)], 6) == []


def test_ids_that_the_intake_would_refuse_are_kept_on_every_engine(database: Database) -> None:
    place = Place("a\0b", "A\0B", PlaceKind.TOWN)
    claim = Control(place="a\0b", forces=("c\0d",), effect=Effect.CONTESTS)
    filing = saying("x", 2, (claim,))
    tables = filled(database, [Recorded(1, 1, "place:a\0b", 1, PlaceRegistered(place)), filing])
    assert found(tables, Wanted(place="a\0b", forces=frozenset({"c\0d"}), query=query('"a b"')), 2) == [("r2", 2)]
    assert isinstance(filing.event, ReportFiled)
    assert tables.alike([likeness(claim, filing.event.report.occurred.window(HOUR))], 2) == ["r2"]


def test_rows_beyond_the_position_are_no_silent_loss(database: Database) -> None:
    events = raw(*REGISTERED, *SAID)
    tables = filled(database, events)
    with database.writing() as cursor:
        cursor.execute("UPDATE chronology_state SET position = 4")
    with pytest.raises(ValueError, match="rebuild"):
        tables.apply(events)
