"""What the service says of itself while it runs: a JSON object a line, on standard error."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

import orjson

LEVELS = ("debug", "info", "warning", "error")
SERVICE = logging.getLogger("chronology")


class JsonLines(logging.Formatter):
    """`time`, `level`, `message`, and the fields that came as `extra={"fields": {…}}`; a traceback as one text."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = {"time": time, "level": record.levelname.lower(), "message": record.getMessage()}
        if record.name != SERVICE.name:
            line["logger"] = record.name
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def configure(level: str, stream: TextIO | None = None) -> None:
    """Log what is at least at that level; what the libraries say only from a warning on."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    SERVICE.setLevel(level.upper())
