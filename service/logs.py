"""What the service says of itself while it runs: a JSON object a line, on standard error."""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import TextIO

import orjson

LEVELS = ("debug", "info", "warning", "error")
SERVICE = logging.getLogger("chronology")


class JsonLines(logging.Formatter):
    """`time`, `level`, `message`, and the fields that came as `extra={"fields": {…}}`; a traceback as one text."""

    def format(self, record: logging.LogRecord) -> str:
        second, fraction = divmod(record.created, 1)
        time = f"{_second(int(second))}.{int(fraction * 1000):03}Z"
        line = {"time": time, "level": record.levelname.lower(), "message": record.getMessage()}
        if record.name != SERVICE.name:
            line["logger"] = record.name
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


@lru_cache(maxsize=1)
def _second(since_1970: int) -> str:
    return datetime.fromtimestamp(since_1970, UTC).isoformat().removesuffix("+00:00")


class Gathering(logging.StreamHandler[TextIO]):
    """Writes what an event loop says in one of its turns at the turn's end, all at once; a warning, at once.

    To write is to let other threads in, and then to wait for them: that costs more than all else about a line.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._gathered: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self._gathered.append(self.format(record) + self.terminator)
        if len(self._gathered) > 1 and record.levelno < logging.WARNING:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.flush()
            return
        if record.levelno < logging.WARNING:
            loop.call_soon(self.flush)
        else:
            self.flush()

    def flush(self) -> None:
        self.acquire()
        try:
            lines, self._gathered = self._gathered, []
            with suppress(OSError, ValueError):  # nobody reads it any more, and there is nowhere to say so
                self.stream.write("".join(lines))
                super().flush()
        finally:
            self.release()


def configure(level: str, stream: TextIO | None = None) -> None:
    """Log what is at least at that level; what the libraries say only from a warning on."""
    handler = Gathering(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    SERVICE.setLevel(level.upper())
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # no line tells them
