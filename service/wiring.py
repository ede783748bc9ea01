"""The one place that puts the parts together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from domain.when.zone import Zone
from event_store.log import Log, read_all
from event_store.sqlite.log import SQLiteLog
from projections.projections import Projections
from service.clock import Clock
from service.follower import Follower
from service.intake.intake import Intake
from service.metrics import Metrics
from service.settings import Settings
from service.store import open_log
from service.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that a request needs."""

    log: Log
    projections: Projections
    follower: Follower
    intake: Intake
    tokens: Tokens
    zone: Zone
    private: bool
    tiles: str | None
    clock: Clock
    metrics: Metrics


def open_service(settings: Settings, clock: Clock, on_failure: Callable[[Exception], None], *, create: bool) -> Service:
    """The service on a store; its follower is not started. Raises BadSetting or CannotOpen."""
    metrics = Metrics()
    log = open_log(settings.store, clock, create=create, committed=metrics.committed)
    try:
        tokens = Tokens(log.database, clock, settings.admin_token)
    except BaseException:
        log.close()
        raise
    projections = Projections()
    follower = Follower(log, projections, on_failure)
    return Service(
        log=log,
        projections=projections,
        follower=follower,
        intake=Intake(log, projections, follower, clock),
        tokens=tokens,
        zone=settings.zone,
        private=settings.private,
        tiles=settings.tiles,
        clock=clock,
        metrics=metrics,
    )


def build_projections(log: SQLiteLog) -> Projections:
    """Projections that have followed the log to its end. Raises Damaged or ValueError with the position of a fault."""
    projections = Projections()
    projections.apply(read_all(log))
    return projections
