"""A wire to a server that can be cut at a chosen moment: before a request arrives, or before its answer does."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread


class Proxy:
    """Passes bytes on between its own port of loopback and another, and can lose some with the connection.

    `lose_request` and `lose_answer` are tried on what comes from either side; where one says so, the connection is cut
    and nothing of it is passed on. Each is then done with. While `down`, nobody is let in.
    """

    def __init__(self, port: int) -> None:
        self.lose_request: Callable[[bytes], bool] | None = None
        self.lose_answer: Callable[[bytes], bool] | None = None
        self.down = False
        self.cuts = 0
        self._to = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads: list[Thread] = []
        self._start(self._accept)

    def cut_all(self) -> None:
        for each in self._open:
            _cut(each)

    def close(self) -> None:
        _cut(self._listening)
        self._threads[0].join()
        self._listening.close()
        self.cut_all()
        for each in self._threads:
            each.join()

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        self._threads.append(Thread(target=work, args=arguments, daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            if self.down:
                client.close()
                continue
            server = socket.create_connection(("127.0.0.1", self._to))
            self._open += [client, server]
            self._start(self._pass_on, client, server, "lose_request")
            self._start(self._pass_on, server, client, "lose_answer")

    def _pass_on(self, source: socket.socket, target: socket.socket, losing: str) -> None:
        with suppress(OSError):
            while chunk := source.recv(65536):
                loses = getattr(self, losing)
                if loses is not None and loses(chunk):
                    setattr(self, losing, None)
                    self.cuts += 1
                    break
                target.sendall(chunk)
        _cut(target)
        source.close()


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxied(port: int) -> Iterator[Proxy]:
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
