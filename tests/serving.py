"""A real service on a free port of loopback, for tests that ask from outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import httpx
from running import address

from domain.when.zone import Zone
from service.clock import Clock, system_clock
from service.http.app import build_app
from service.http.server import Server, listen
from service.settings import Settings
from service.tokens import Role
from service.wiring import Service, open_service

ADMIN = "an-admin-token-for-tests"


class Served:
    """A running service: `as_(role)` is a client with a token of that role, `anyone` one without."""

    def __init__(self, service: Service, url: str) -> None:
        self.service = service
        self.url = url
        self._clients: dict[Role | None, httpx.Client] = {}

    def as_(self, role: Role | None) -> httpx.Client:
        if role not in self._clients:
            headers = {}
            if role is not None:
                _, secret = self.service.tokens.create(role, f"test {role.word}")
                headers = {"Authorization": f"Bearer {secret}"}
            self._clients[role] = httpx.Client(base_url=self.url, headers=headers, timeout=30)
        return self._clients[role]

    @property
    def anyone(self) -> httpx.Client:
        return self.as_(None)

    @property
    def editor(self) -> httpx.Client:
        return self.as_(Role.EDITOR)

    def register(
        self, places: tuple[str, ...] = (), forces: tuple[str, ...] = (), sources: tuple[str, ...] = ()
    ) -> None:
        """Register towns, forces and sources by their ids."""
        for id in places:
            self.must("/v1/places", {"id": id, "name": id, "kind": "town"})
        for id in forces:
            self.must("/v1/forces", {"id": id, "name": id})
        for id in sources:
            self.must("/v1/sources", {"id": id, "name": id})

    def must(self, path: str, body: Mapping[str, Any], **headers: str) -> dict[str, Any]:
        """Post as an editor what must be appended; the answer's body."""
        answer = self.editor.post(path, json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def get(self, path: str, **parameters: str | int) -> dict[str, Any]:
        """Read what must be there; the answer's body."""
        answer = self.anyone.get(path, params=parameters)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def close(self) -> None:
        for client in self._clients.values():
            client.close()


@contextmanager
def served(
    store: Path | str,
    *,
    timezone: str = "UTC",
    private: bool = False,
    tiles: str | None = None,
    clock: Clock = system_clock,
) -> Iterator[Served]:
    """Serve a store in this process until the end of the block."""
    server = Server()
    settings = Settings(store=address(store), zone=Zone(timezone), private=private, tiles=tiles, admin_token=ADMIN)
    service = open_service(settings, clock, server.fail, create=True)
    with listen("127.0.0.1", 0) as listening:
        thread = Thread(target=server.serve_app, args=(build_app(service), listening), daemon=True)
        thread.start()
        running = Served(service, f"http://127.0.0.1:{listening.getsockname()[1]}")
        try:
            _await_ready(running)
            yield running
        finally:
            running.close()
            server.should_exit = True
            thread.join(timeout=10)
            service.log.close()


def _await_ready(running: Served) -> None:
    until = monotonic() + 10
    while monotonic() < until:
        try:
            if running.anyone.get("/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        sleep(0.01)
    raise AssertionError("the service did not get ready")
