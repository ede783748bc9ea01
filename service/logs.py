"""What the service says of itself while it runs: a JSON object a line, on standard error."""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from time import time
from typing import Any, TextIO

import orjson

LEVELS = ("debug", "info", "warning", "error")
SERVICE = logging.getLogger("chronology")


class JsonLines(logging.Formatter):
    """`time`, `level`, `message`, and the fields that came as `extra={"fields": {…}}`; a traceback as one text."""

    def format(self, record: logging.LogRecord) -> str:
        line = _beginning(record.created, record.levelname.lower(), record.getMessage())
        if record.name != SERVICE.name:
            line["logger"] = record.name
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def _beginning(created: float, level: str, message: str) -> dict[str, Any]:
    """What every line begins with; `created` is in seconds since 1970."""
    second = int(created)
    return {
        "time": f"{_second(second)}.{int((created - second) * 1000):03}Z",
        "level": level,
        "message": message,
    }


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
        self.take(self.format(record), urgent=record.levelno >= logging.WARNING)

    def take(self, line: str, *, urgent: bool = False) -> None:
        self.acquire()  # nobody may write what is gathered while it grows
        self._gathered.append(line + self.terminator)
        gathering = len(self._gathered) > 1
        self.release()
        if gathering and not urgent:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.flush()
            return
        if urgent:
            self.flush()
        else:
            loop.call_soon(self.flush)

    def flush(self) -> None:
        self.acquire()
        try:
            lines, self._gathered = self._gathered, []
            with suppress(OSError, ValueError):  # nobody reads it any more, and there is nowhere to say so
                self.stream.write("".join(lines))
                super().flush()
        finally:
            self.release()


def say(message: str, fields: dict[str, Any]) -> None:
    """What `SERVICE.info` would, for what is said of every request: where nobody but our own handler listens, no record
    is made for it, which takes longer than the line."""
    if not SERVICE.isEnabledFor(logging.INFO):
        return
    own = logging.root.handlers[0] if len(logging.root.handlers) == 1 and not SERVICE.handlers else None
    if isinstance(own, Gathering):
        own.take(orjson.dumps(_beginning(time(), "info", message) | fields, default=str).decode())
    else:
        SERVICE.info(message, extra={"fields": fields})


def configure(level: str, stream: TextIO | None = None) -> None:
    """Log what is at least at that level; what the libraries say only from a warning on."""
    handler = Gathering(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    SERVICE.setLevel(level.upper())
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # no line tells them
