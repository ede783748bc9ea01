"""Ids from what is said: the same file, taken in again, meets itself."""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from typing import Any

import orjson

_COUNT = "INSERT INTO seen VALUES (?, 1) ON CONFLICT DO UPDATE SET count = count + 1 RETURNING count"


class ContentIds:
    """Makes an id from a report's content and how often the same content came before.

    What came before is counted in a temporary file that SQLite keeps, so a long file takes no more memory than a short.
    Whoever uses it uses it from one thread at a time.
    """

    def __init__(self) -> None:
        self._seen = sqlite3.connect("", check_same_thread=False)
        self._seen.execute("CREATE TABLE seen (hash BLOB PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID")

    def make_id(self, _: int, sent: Any) -> str:
        content = sha256(orjson.dumps(sent, option=orjson.OPT_SORT_KEYS)).digest()
        (count,) = self._seen.execute(_COUNT, (content,)).fetchone()
        return f"c-{sha256(content + str(count).encode()).hexdigest()[:40]}"

    def close(self) -> None:
        self._seen.close()
