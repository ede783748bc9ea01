"""One answer, and the whole map, in process, beside databases that were given every answer ready, in spans."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.chronicle import END, START
from benchmarks.in_duckdb import InDuckDB
from benchmarks.in_postgres import InPostgres
from benchmarks.in_sqlite import InSQLite
from benchmarks.measure import Measure, Mismatch, Round
from benchmarks.opened import log_of
from benchmarks.postgres import postgres
from benchmarks.scale import Scale
from benchmarks.shape import Shape
from benchmarks.spans import POLICY, newest, shown, spans
from benchmarks.timing import rate
from domain.control.answer import JoinsBy
from domain.control.state import Shown, Status
from service.wiring import build_projections

_UNKNOWN = shown((Shown(Status.UNKNOWN), None, None))
_MAPS = 100


class Asked(NamedTuple):
    """A question: `at` an instant, `known_at` a position."""

    place: str
    at: int
    known_at: int


Peer = Callable[[Asked], str | None]


class Ours:
    """The projection, its answers laid out as the service does it, and questions to it."""

    def __init__(self, shape: Shape, *, any_knowledge: bool = False) -> None:
        with log_of(shape) as log:
            projections = build_projections(log)
        self._control, self.head = projections.control, projections.position
        self._any_knowledge = any_knowledge
        if any_knowledge:
            deque(self._control.lay_out_past(POLICY), 0)
        deque(self._control.lay_out(POLICY), 0)

    def questions(self, count: int, seed: int) -> list[Asked]:
        """Others for each seed: what was asked once is at hand."""
        random = Random(seed)
        places = list(self._control.settlements(self.head).places)
        first = self.head // 2 if self._any_knowledge else self.head
        return [
            Asked(random.choice(places), random.randrange(START, END), random.randint(first, self.head))
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
        places = self._control.ordered(known_at)
        return {place: shown(each) for place, each in zip(places, self._map(at, known_at), strict=True)}

    def ask_map(self, questions: list[Asked]) -> None:
        """What is shown of every place: all that the peers have."""
        for _, at, known_at in questions:
            self._map(at, known_at)

    def _map(self, at: int, known_at: int) -> list[JoinsBy]:
        inquiry = self._control.inquire(known_at, POLICY)
        return [*chain.from_iterable(inquiry.all_joins_by(self._control.ordered(known_at), at))]


def _beside(ours: Ours, answer: Peer, scale: Scale) -> Iterator[Round]:
    """Each round asks what was not asked before."""
    for seed in range(scale.rounds):
        questions = ours.questions(scale.questions, seed)
        own = rate(lambda: ours.ask(questions), len(questions))  # noqa: B023 - called at once
        theirs: list[str | None] = []
        peer = rate(lambda: theirs.extend(answer(asked) for asked in questions), len(questions))  # noqa: B023
        for asked, their in zip(questions, theirs, strict=True):
            _same(asked, ours.answer(asked), their)
        yield Round(own, peer)


def _same(asked: Asked, own: str, peer: str | None) -> None:
    if own != (peer or _UNKNOWN):
        raise Mismatch(f"{asked}: {own} here, {peer} there")


def beside_sqlite(scale: Scale) -> Iterator[Round]:
    ours = Ours(scale.spanned)
    with TemporaryDirectory() as folder:
        peer = InSQLite(Path(folder) / "spans.db", newest(spans(scale.spanned)))
        yield from _beside(ours, lambda asked: peer.answer(asked.place, asked.at), scale)
        peer.close()


def beside_duckdb(scale: Scale) -> Iterator[Round]:
    ours = Ours(scale.spanned)
    with TemporaryDirectory() as folder:
        peer = InDuckDB(Path(folder) / "spans.duckdb", newest(spans(scale.spanned)))
        yield from _beside(ours, lambda asked: peer.answer(*asked), scale)
        peer.close()


def beside_postgres(scale: Scale) -> Iterator[Round]:
    with postgres() as url:
        ours = Ours(scale.spanned, any_knowledge=True)
        peer = InPostgres(url, spans(scale.spanned))
        yield from _beside(ours, lambda asked: peer.answer(*asked), scale)
        peer.close()


def map_beside_both(scale: Scale) -> Iterator[Round]:
    """The better of the two in each round."""
    ours = Ours(scale.spanned, any_knowledge=True)
    laid_out = spans(scale.spanned)
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        peers: list[InDuckDB | InPostgres] = [InDuckDB(Path(folder) / "spans.duckdb", laid_out)]
        peers.append(InPostgres(stack.enter_context(postgres()), laid_out))
        for seed in range(scale.rounds):
            questions = ours.questions(_MAPS, seed)
            own = rate(lambda: ours.ask_map(questions), len(questions))  # noqa: B023 - called at once
            yield Round(own, max(rate(lambda: _maps(peer, questions), len(questions)) for peer in peers))  # noqa: B023
            for asked in questions[:2]:
                _same_map(asked, ours.map(asked.at, asked.known_at), [_maps(peer, [asked])[0] for peer in peers])
        for peer in peers:
            peer.close()


def _maps(peer: InDuckDB | InPostgres, questions: list[Asked]) -> list[dict[str, str]]:
    return [peer.map(at, known_at) for _, at, known_at in questions]


def _same_map(asked: Asked, own: Mapping[str, str], theirs: list[dict[str, str]]) -> None:
    for place, answer in own.items():
        for their in theirs:
            _same(asked._replace(place=place), answer, their.get(place))


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
