"""The log's lines: those of one turn of an event loop are written together, a warning at once."""

from __future__ import annotations

import asyncio
import io
import logging
from pathlib import Path

import pytest

from service.logs import SERVICE, Gathering, JsonLines, say


class Written(io.StringIO):
    """Keeps each write apart."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[str] = []

    def write(self, text: str) -> int:
        if text:
            self.writes.append(text)
        return len(text)


@pytest.fixture
def written() -> Written:
    return Written()


@pytest.fixture
def logger(written: Written) -> logging.Logger:
    logger = logging.Logger("test")
    logger.addHandler(Gathering(written))
    return logger


def test_lines_of_one_turn_are_written_together_at_its_end(written: Written, logger: logging.Logger) -> None:
    async def say() -> None:
        logger.info("one")
        logger.info("two")
        assert written.writes == []
        await asyncio.sleep(0)
        assert written.writes == ["one\ntwo\n"]
        logger.info("three")
        await asyncio.sleep(0)

    asyncio.run(say())
    assert written.writes == ["one\ntwo\n", "three\n"]


def test_a_warning_is_written_at_once_and_what_was_said_before_it_first(
    written: Written, logger: logging.Logger
) -> None:
    async def say() -> None:
        logger.info("one")
        logger.warning("two")
        assert written.writes == ["one\ntwo\n"]

    asyncio.run(say())


def test_where_no_loop_runs_each_line_is_written_at_once(written: Written, logger: logging.Logger) -> None:
    logger.info("one")
    logger.info("two")
    assert written.writes == ["one\n", "two\n"]


def test_a_log_that_nobody_reads_any_more_stops_nothing(written: Written, logger: logging.Logger) -> None:
    written.close()
    logger.info("one")


def test_what_is_said_of_every_request_is_said_as_the_logger_would(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Gathering(written)
    own.setFormatter(JsonLines())
    monkeypatch.setattr(logging.root, "handlers", [own])
    monkeypatch.setattr(SERVICE, "level", logging.INFO)
    monkeypatch.setattr("service.logs.time", lambda: 1_700_000_000.5)
    monkeypatch.setattr("logging.time.time", lambda: 1_700_000_000.5)
    SERVICE.manager._clear_cache()  # type: ignore[attr-defined]  # of which levels are logged
    fields = {"path": "/v1/reports", "status": 201, "milliseconds": 1.25, "odd": Path("x")}
    say("request", fields)
    SERVICE.info("request", extra={"fields": fields})
    said, logged = written.writes
    assert said == logged
    assert '"time":"2023-11-14T22:13:20.500Z"' in said
    monkeypatch.setattr(SERVICE, "level", logging.WARNING)
    SERVICE.manager._clear_cache()  # type: ignore[attr-defined]  # as above
    say("request", fields)
    assert len(written.writes) == 2
