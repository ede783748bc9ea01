"""The log's lines: those of one turn of an event loop are written together, a warning at once."""

from __future__ import annotations

import asyncio
import io
import logging

import pytest

from service.logs import Gathering


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
