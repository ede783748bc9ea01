"""Serving the app on an address of this machine."""

from __future__ import annotations

import asyncio
import socket

import uvicorn
from fastapi import FastAPI

from service.http.connection import Connection
from service.http.observing import Observed
from service.settings import BadSetting
from service.wiring import Service

_GRACE = 1  # seconds that open requests get when the service stops; streams end at once


def listen(host: str, port: int) -> socket.socket:
    """A socket on the address; port 0 takes a free one. Raises BadSetting where it can't be had."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, kind, proto)
        try:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.bind(address)
            found.listen()  # only now is the port surely ours
        except OSError:
            found.close()
            raise
    except UnicodeError:
        raise BadSetting(f"can't listen on {host!r}: that is no name of a host") from None
    except OSError as error:
        raise BadSetting(f"can't listen on {host}:{port}: {error.strerror or error}") from None
    return found


class Server(uvicorn.Server):
    """Ends with the failure that stopped it, if one did."""

    def __init__(self) -> None:
        self.failure: Exception | None = None

    def serve_app(self, app: FastAPI, listening: socket.socket) -> None:
        """Serve until a signal or a failure ends it."""
        service: Service = app.state.service
        config = uvicorn.Config(
            Observed(app, service.metrics),
            http=Connection,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=_GRACE,
            server_header=False,
        )
        super().__init__(config)
        self._stopping: asyncio.Event = app.state.stopping
        self._followers = (service.follower, service.chronology_follower)
        self.run(sockets=[listening])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; a stream would hold it up for as long as its client listens, so all are told first."""
        self._stopping.set()
        for follower in self._followers:
            follower.let_go()
        await super().shutdown(sockets)

    def fail(self, error: Exception) -> None:
        """Stop the service: what it would answer from here on could be wrong."""
        self.failure = error
        self.should_exit = True
