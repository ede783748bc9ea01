"""`chronology serve`: the API and its pages."""

from __future__ import annotations

import argparse
import signal
import socket
from collections.abc import Mapping
from contextlib import suppress

from projections.garbage import uncollected
from service.cli.context import settings_of
from service.cli.failing import NO, end
from service.clock import system_clock
from service.garbage import spare_what_is_here
from service.http.app import build_app
from service.http.server import Server, listen
from service.logs import configure
from service.settings import Settings
from service.store import shown
from service.tokens import Role
from service.wiring import Service, open_service


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    found = settings_of(arguments, environment)
    configure(found.log)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl+C: a stop that was asked for is no failure
    with listen(found.host, found.port) as listening, suppress(KeyboardInterrupt):
        if found.workers == 1:
            _serve_alone(found, listening)
        else:
            _serve_together(found, listening)


def _serve_alone(found: Settings, listening: socket.socket) -> None:
    server = Server()
    with uncollected():
        service = open_service(found, system_clock, server.fail, create=True, apart=True)
        app = build_app(service)
        spare_what_is_here()
    try:
        _say(service, found, listening)
        server.serve_app(app, listening)
    finally:
        service.log.close()
    if server.failure is not None:
        end(f"stopped: {server.failure}", NO)


def _serve_together(found: Settings, listening: socket.socket) -> None:
    from service.http.workers import Workers  # one that serves alone needs none

    workers = Workers(found, listening)
    service = open_service(found, system_clock, lambda _: None, create=True)  # the store is looked at once for all
    try:
        _say(service, found, listening)
    finally:
        service.log.close()
    if not workers.run():
        end("stopped: a worker can't serve the store; its last line in the log says why", NO)


def _say(service: Service, found: Settings, listening: socket.socket) -> None:
    """Where it is, what to try, and, once, a token to write with."""
    host = f"[{found.host}]" if ":" in found.host else found.host
    address = f"http://{host}:{listening.getsockname()[1]}"
    head = service.log.head()
    lines = [
        f"Chronology of {shown(found.store)} (position {head}) at {address}",
        f"  the API, to try out    {address}/docs",
        f"  who held every place   {address}/v1/control",
    ]
    if head:
        lines.append(f"  the page, to look at   {address}/")
    else:
        lines.append("  it is empty: chronology load hama-2024 fills it, also while this runs")
    if not service.log.database.writes():
        lines.append("  it only reads: its database is a standby, and reports are filed where the primary is served")
    elif found.admin_token is None and not service.tokens.every():
        _, secret = service.tokens.create(Role.ADMIN, "made by serve")
        lines += ["A token to write with, shown this once (Authorization: Bearer …):", f"  {secret}"]
    print(*lines, "Stop with Ctrl+C.", sep="\n", flush=True)
