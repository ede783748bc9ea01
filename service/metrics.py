"""What is counted and timed, for Prometheus. Each service has its own: two in one process are told apart.

Where several processes serve one address, they count in files of one folder, and each tells what all have counted.
"""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

MEDIA_TYPE = CONTENT_TYPE_LATEST
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder in the environment; the library looks for it as it is imported."""

_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_EVENTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class Metrics:
    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self._appends = Counter("chronology_appends", "Events appended by this process", registry=registry)
        self._batches = Histogram(
            "chronology_batch_size", "Events committed in one transaction", buckets=_EVENTS, registry=registry
        )
        self._commits = Histogram(
            "chronology_commit_seconds", "Time that a transaction took", buckets=_SECONDS, registry=registry
        )
        self._head = Gauge(
            "chronology_log_position", "The newest position of the log", registry=registry, multiprocess_mode="max"
        )
        self._lag = Gauge(
            "chronology_projection_lag",
            "Events that a projection has yet to take in",
            ["projection"],
            registry=registry,
            multiprocess_mode="livemax",
        )
        self._requests = Counter(
            "chronology_requests", "Requests answered", ["method", "route", "status"], registry=registry
        )
        self._times = Histogram(
            "chronology_request_seconds", "Time to an answer's end", ["route"], buckets=_SECONDS, registry=registry
        )
        self._answers = Counter(
            "chronology_answers", "Answers about a place by their status", ["status"], registry=registry
        )
        self._errors = Counter("chronology_errors", "Requests answered with a status of 500 or more", registry=registry)
        self.streams = Gauge(
            "chronology_open_streams", "Streams that are being sent", registry=registry, multiprocess_mode="livesum"
        )
        if SHARED_FOLDER in os.environ:
            self._registry = CollectorRegistry()
            MultiProcessCollector(self._registry)  # type: ignore[no-untyped-call]  # the library has no types there
        else:
            ProcessCollector(registry=registry)  # it tells of this process alone

    def committed(self, events: int, seconds: float) -> None:
        """One transaction of the log."""
        self._appends.inc(events)
        self._batches.observe(events)
        self._commits.observe(seconds)

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._times.labels(route).observe(seconds)
        if status >= 500:
            self._errors.inc()

    def answered(self, status: str) -> None:
        """One place was answered for with that status of control."""
        self._answers.labels(status).inc()

    def text(self, head: int, positions: dict[str, int]) -> bytes:
        """Everything in Prometheus' text form; `positions` are how far each projection is."""
        self._head.set(head)
        for name, position in positions.items():
            self._lag.labels(name).set(max(0, head - position))
        return generate_latest(self._registry)


def forget(process: int | None) -> None:
    """What a process that has ended told of itself alone is true no more; what it counted stays."""
    mark_process_dead(process)  # type: ignore[no-untyped-call]  # as above
