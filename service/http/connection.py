"""A connection on which an answer's head goes out with the beginning of its body."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.auto import AutoHTTPProtocol

_MOST = 65_536
"""Bytes that are held back at most."""


class Together:
    """A transport on which what is written in one turn of the event loop goes out at the turn's end.

    The server writes the head and the body of an answer one after the other, and many answers come at once out of one
    commit. Each write by itself is a call of the system, which wakes whoever reads on this machine: that takes longer
    than much of the work on an answer.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._call_soon = asyncio.get_running_loop().call_soon
        self._held: list[bytes] = []
        self._size = 0

    def __getattr__(self, name: str) -> Any:
        """Anything else comes after what was written before it."""
        self._let_go()
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if not self._held:
            self._call_soon(self._let_go)
        self._held.append(data)
        self._size += len(data)
        if self._size > _MOST:
            self._let_go()

    def close(self) -> None:
        self._let_go()
        self._transport.close()

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def _let_go(self) -> None:
        if self._held:
            held, self._held, self._size = self._held, [], 0
            self._transport.writelines(held)


class Connection(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # which of several it is, uvicorn finds out
    """As uvicorn speaks HTTP, on such a transport."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, Together(cast(asyncio.Transport, transport))))
