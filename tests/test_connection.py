"""What is written to a connection in one turn of the loop goes out together at its end, whole and in order."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from service.http.connection import Together


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[Together, socket.socket]]:
    """A connection, and the socket at its other end."""
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    with theirs:
        transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, sock=ours)
        yield Together(transport), theirs


async def rest_of(theirs: socket.socket) -> bytes:
    """What comes until the end."""
    found = b""
    while more := await asyncio.get_running_loop().sock_recv(theirs, 1 << 20):
        found += more
    return found


def test_what_is_written_in_one_turn_goes_out_at_its_end() -> None:
    async def check() -> None:
        async with connected() as (together, theirs):
            for part in (b"head ", b"body ", b"end"):
                together.write(part)
            with pytest.raises(BlockingIOError):
                theirs.recv(1)
            await asyncio.sleep(0)
            assert theirs.recv(100) == b"head body end"
            together.write(b"more")
            await asyncio.sleep(0)
            assert theirs.recv(100) == b"more"
            together.close()

    asyncio.run(check())


def test_much_is_not_held_back() -> None:
    async def check() -> None:
        async with connected() as (together, theirs):
            for _ in range(100):
                together.write(b"x" * 1000)
            assert theirs.recv(1) == b"x"
            together.write(b"y" * 1_000_000)
            together.close()
            assert await rest_of(theirs) == b"x" * 99_999 + b"y" * 1_000_000

    asyncio.run(check())


def test_what_is_written_before_the_connection_is_closed_arrives() -> None:
    async def check() -> None:
        async with connected() as (together, theirs):
            together.write(b"the last")
            together.close()
            assert together.is_closing()
            assert await rest_of(theirs) == b"the last"

    asyncio.run(check())
