"""The one place that puts the parts together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import quote

from domain.when.instant import END
from domain.when.zone import Zone
from event_store.faults import CannotOpen, ReadOnly, Unavailable
from event_store.gist import read_gists
from event_store.log import PAGE, Log
from projections.chronology.aside import Aside
from projections.chronology.chronology import Chronology
from projections.chronology.sqlite import has_full_text
from projections.garbage import uncollected
from projections.projections import Projections
from service.ahead import Ahead
from service.background import Background
from service.checkpoints import Checkpoints
from service.clock import Clock
from service.follower import Follower, Following
from service.intake.intake import Intake
from service.intake.rehearsal import Rehearsal
from service.keeper import Keeper
from service.metrics import Metrics
from service.settings import Settings
from service.snapshots import Snapshots, snapshot_file
from service.store import StoredLog, open_log, sqlite_path
from service.tables.follower import TablesFollower
from service.tokens import Tokens
from service.written import FeatureTexts


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that a request needs."""

    log: StoredLog
    projections: Projections
    follower: Follower
    background: Sequence[Background]
    chronology: Chronology
    chronology_follower: Following
    intake: Intake
    rehearsal: Rehearsal
    tokens: Tokens
    checkpoints: Checkpoints
    zone: Zone
    private: bool
    tiles: str | None
    clock: Clock
    metrics: Metrics
    feature_texts: FeatureTexts = field(default_factory=FeatureTexts)


OnFailure = Callable[[Exception], None]


def open_service(
    settings: Settings, clock: Clock, on_failure: OnFailure, *, create: bool, apart: bool = False
) -> Service:
    """The service on a store; its followers are not started. Raises BadSetting or CannotOpen.

    `apart` has the chronology's tables filled by a process of their own, where that can be.
    """
    metrics = Metrics()
    log = open_log(settings.store, clock, create=create, committed=metrics.committed)
    try:
        tokens = Tokens(log.database, clock, settings.admin_token)
        chronology = open_chronology(log)
        with suppress(ReadOnly):  # on a standby they come from the primary
            chronology.prepare(log.head)
    except BaseException:
        log.close()
        raise
    snapshots = Snapshots(log, snapshot_file(settings))
    projections = snapshots.load()
    follower = Follower(log, projections, on_failure, read=partial(read_gists, log))
    return Service(
        log=log,
        projections=projections,
        follower=follower,
        background=[Keeper(log, projections, snapshots), *([Ahead(projections)] if settings.ahead else [])],
        chronology=chronology,
        chronology_follower=_filled(settings, log, chronology, on_failure, apart),
        intake=Intake(log, projections, follower, clock),
        rehearsal=Rehearsal(log, projections, follower, clock),
        tokens=tokens,
        checkpoints=Checkpoints(log.tree, settings),
        zone=settings.zone,
        private=settings.private,
        tiles=settings.tiles,
        clock=clock,
        metrics=metrics,
    )


def _filled(
    settings: Settings, log: StoredLog, chronology: Chronology, on_failure: OnFailure, apart: bool
) -> Following:
    """PostgreSQL's tables are written by the server, in its own processes: there a thread is enough."""
    if apart and log.database.dialect == "sqlite":
        store = f"sqlite:///{quote(str(sqlite_path(settings.store).absolute()))}"
        return TablesFollower(store, chronology, on_failure, settings.log)
    return Follower(log, chronology, on_failure, in_thread=True, read=partial(read_gists, log))


def open_chronology(log: StoredLog) -> Chronology:
    """The chronology's tables in the log's own store. Raises CannotOpen for want of FTS5."""
    if log.database.dialect == "sqlite":
        check_full_text()
    return Chronology(log.database)


def check_full_text() -> None:
    """Raise CannotOpen where no tables can be kept in SQLite: in the store, or aside."""
    if not has_full_text():
        raise CannotOpen("the SQLite of this Python has no FTS5, which the reports are searched with")


Tell = Callable[[int], None]
"""Told of progress: the position that was reached."""


@contextmanager
def caught_up(log: StoredLog) -> Iterator[Chronology]:
    """The chronology up to the end of the log: that of the store, or one beside it where the store can't be written."""
    beside = Aside()
    try:
        try:
            chronology = open_chronology(log)
            chronology.prepare(log.head)
            catch_up(chronology, log)
        except Unavailable:
            check_full_text()
            chronology = Chronology(beside)
            chronology.prepare(log.head)
            catch_up(chronology, log)
        yield chronology
    finally:
        beside.close()


def catch_up(chronology: Chronology, log: Log, until: int = END, tell: Tell = lambda _: None) -> None:
    """Follow the log to a position, or to its end. Raises Damaged or ValueError with the position of a fault."""
    while (after := chronology.position) < until and (page := read_gists(log, after, min(PAGE, until - after))):
        chronology.apply(page)
        tell(chronology.position)


def build_projections(log: Log, snapshots: Snapshots | None = None) -> Projections:
    """Projections that have followed the log to its end, from a snapshot on where there is one.

    Raises Damaged or ValueError with the position of a fault.
    """
    projections = snapshots.load() if snapshots else Projections()
    with uncollected():
        while page := read_gists(log, projections.position):
            projections.apply(page)
    return projections
