"""A listener to server-sent events that reads as slowly as it likes and can be cut off anywhere."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from running import ADMIN


@dataclass(frozen=True)
class Heard:
    """An event that came whole."""

    id: str | None
    event: str
    data: str

    @property
    def json(self) -> Any:
        return json.loads(self.data)


class Listener:
    """One connection. `last` is what to come back with: the id of the last event that came whole, as browsers have it.

    A field that this knows nothing of, or a line without its end, is never taken for an event (WHATWG HTML §9.2).
    """

    def __init__(self, url: str, path: str, last: str | None = None, *, receive: int | None = None) -> None:
        address = urlsplit(url)
        self._connection = HTTPConnection(address.hostname or "", address.port, timeout=30)
        self._connection.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._connection.sock.settimeout(30)
        if receive is not None:
            self._connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        try:
            self._connection.sock.connect((address.hostname, address.port))
        except OSError:
            self._connection.close()
            raise
        headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {ADMIN}"}
        self._connection.request("GET", path, headers=headers | ({} if last is None else {"Last-Event-ID": last}))
        self.last = last
        self.ended = False
        self._answer: Any = None
        self._rest = b""

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def heard(self, most: int = 65536) -> list[Heard]:
        """The events that are whole with the next bytes, at most so many; waits for some."""
        if self._answer is None:
            self._answer = self._connection.getresponse()
            assert self._answer.status == 200, self._answer.read()
            assert self._answer.headers["content-type"].startswith("text/event-stream")
        part: bytes = self._answer.read1(most)
        self.ended = not part
        *whole, self._rest = (self._rest + part).replace(b"\r\n", b"\n").split(b"\n\n")
        return [heard for block in whole if (heard := self._event(block.decode()))]

    def _event(self, block: str) -> Heard | None:
        fields: dict[str, list[str]] = {}
        for line in block.split("\n"):
            name, _, value = line.partition(":")
            fields.setdefault(name, []).append(value.removeprefix(" "))
        self.last = fields.get("id", [self.last])[-1]
        if "data" not in fields:
            return None
        return Heard(self.last, fields.get("event", ["message"])[-1], "\n".join(fields["data"]))

    def until_end(self) -> Iterator[Heard]:
        """Every event until the server ends it, or says that there is no more to come."""
        while not self.ended:
            for heard in self.heard():
                if heard.event == "end":
                    return
                yield heard

    def close(self) -> None:
        if self._answer is not None:
            self._answer.close()
        self._connection.close()
