"""One answer, and the whole map, in process, beside databases that were given every answer ready, in spans."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.chronicle import END, START
from benchmarks.in_duckdb import InDuckDB
from benchmarks.in_postgres import InPostgres
from benchmarks.in_sqlite import InSQLite
from benchmarks.measure import Measure, Mismatch, Round
from benchmarks.opened import control_of, log_of
from benchmarks.postgres import postgres
from benchmarks.scale import Scale
from benchmarks.shape import Shape
from benchmarks.spans import POLICY, newest, shown, spans
from benchmarks.timing import rate
from domain.control.answer import Answer
from domain.control.state import Shown, Status
from projections.control import ControlProjection

_UNKNOWN = shown((Shown(Status.UNKNOWN), None, None))
_MAPS = 10


class Asked(NamedTuple):
    """A question: `at` an instant, `known_at` a position."""

    place: str
    at: int
    known_at: int


Peer = Callable[[Asked], str | None]


class Ours:
    """The projection, and questions to it."""

    def __init__(self, shape: Shape) -> None:
        with log_of(shape) as log:
            self._control, _ = control_of(log)
            self.head = log.head()

    def questions(self, count: int, *, any_knowledge: bool) -> list[Asked]:
        random = Random(count)
        places = list(self._control.settlements(self.head).places)
        first = self.head // 2
        return [
            Asked(
                random.choice(places),
                random.randrange(START, END),
                random.randrange(first, self.head + 1) if any_knowledge else self.head,
            )
            for _ in range(count)
        ]

    def answer(self, asked: Asked) -> str:
        return shown(self._control.inquire(asked.known_at, POLICY).control(asked.place, asked.at).joins_by)

    def ask(self, questions: list[Asked]) -> None:
        """The whole answer, with its evidence."""
        inquire = self._control.inquire
        for place, at, known_at in questions:
            inquire(known_at, POLICY).control(place, at)

    def map(self, at: int, known_at: int) -> Mapping[str, str]:
        return {place: shown(answer.joins_by) for place, answer in _map(self._control, at, known_at).items()}

    def ask_map(self, questions: list[Asked]) -> None:
        for _, at, known_at in questions:
            _map(self._control, at, known_at)


def _map(control: ControlProjection, at: int, known_at: int) -> Mapping[str, Answer]:
    inquiry = control.inquire(known_at, POLICY)
    return {place: inquiry.control(place, at) for place in control.settlements(known_at).places}


def _beside(ours: Ours, questions: list[Asked], answer: Peer, rounds: int) -> Iterator[Round]:
    for asked in questions:
        _same(asked, ours.answer(asked), answer(asked))
    for _ in range(rounds):
        own = rate(lambda: ours.ask(questions), len(questions))
        yield Round(own, rate(lambda: [answer(asked) for asked in questions], len(questions)))


def _same(asked: Asked, own: str, peer: str | None) -> None:
    if own != (peer or _UNKNOWN):
        raise Mismatch(f"{asked}: {own} here, {peer} there")


def beside_sqlite(scale: Scale) -> Iterator[Round]:
    ours = Ours(scale.spanned)
    with TemporaryDirectory() as folder:
        peer = InSQLite(Path(folder) / "spans.db", newest(spans(scale.spanned)))
        questions = ours.questions(scale.questions, any_knowledge=False)
        yield from _beside(ours, questions, lambda asked: peer.answer(asked.place, asked.at), scale.rounds)
        peer.close()


def beside_duckdb(scale: Scale) -> Iterator[Round]:
    ours = Ours(scale.spanned)
    with TemporaryDirectory() as folder:
        peer = InDuckDB(Path(folder) / "spans.duckdb", newest(spans(scale.spanned)))
        questions = ours.questions(scale.questions, any_knowledge=False)
        yield from _beside(ours, questions, lambda asked: peer.answer(*asked), scale.rounds)
        peer.close()


def beside_postgres(scale: Scale) -> Iterator[Round]:
    with postgres() as url:
        ours = Ours(scale.spanned)
        peer = InPostgres(url, spans(scale.spanned))
        questions = ours.questions(scale.questions, any_knowledge=True)
        yield from _beside(ours, questions, lambda asked: peer.answer(*asked), scale.rounds)
        peer.close()


def map_beside_both(scale: Scale) -> Iterator[Round]:
    """The better of the two in each round."""
    ours = Ours(scale.spanned)
    laid_out = spans(scale.spanned)
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        peers = [InDuckDB(Path(folder) / "spans.duckdb", laid_out)]
        peers.append(InPostgres(stack.enter_context(postgres()), laid_out))  # type: ignore[arg-type]
        questions = ours.questions(_MAPS, any_knowledge=True)
        for asked in questions:
            own = ours.map(asked.at, asked.known_at)
            for peer in peers:
                theirs = peer.map(asked.at, asked.known_at)
                for place, answer in own.items():
                    _same(Asked(place, asked.at, asked.known_at), answer, theirs.get(place))
        for _ in range(scale.rounds):
            rates = [
                rate(lambda: [peer.map(at, known_at) for _, at, known_at in questions], len(questions))  # noqa: B023
                for peer in peers
            ]
            yield Round(rate(lambda: ours.ask_map(questions), len(questions)), max(rates))
        for peer in peers:
            peer.close()


def _size(scale: Scale) -> str:
    return f"{scale.spans:,} reports, {scale.places:,} places"


MEASURES = (
    Measure(
        "answer-duckdb",
        "one answer in process, any `at`, newest knowledge",
        "the same question to DuckDB",
        "answers/s",
        100,
        beside_duckdb,
        size=_size,
    ),
    Measure(
        "answer-sqlite",
        "one answer in process, any `at`, newest knowledge",
        "the bare lookup in SQLite with its best index",
        "answers/s",
        1,
        beside_sqlite,
        size=_size,
    ),
    Measure(
        "answer-postgres",
        "one answer in process, any `at`, any `known_at`",
        "PostgreSQL, two ranges in a GiST index",
        "answers/s",
        20,
        beside_postgres,
        size=_size,
    ),
    Measure(
        "map",
        "the whole map in process, any `at`, any `known_at`",
        "the better of DuckDB and PostgreSQL on the same spans",
        "maps/s",
        10,
        map_beside_both,
        size=_size,
    ),
)
