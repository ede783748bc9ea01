"""`chronology serve`: the API and its pages."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Mapping

from service.cli.context import settings_of
from service.cli.failing import NO, end
from service.clock import system_clock
from service.http.app import build_app
from service.http.server import Server, listen
from service.logs import configure
from service.settings import BadSetting
from service.store import shown
from service.tokens import Role
from service.wiring import Service, open_service


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    found = settings_of(arguments, environment)
    if arguments.workers != 1:
        raise BadSetting("--workers: a chronology in SQLite is served by one process")
    configure(found.log)
    server = Server()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl+C: a stop that was asked for is no failure
    with listen(found.host, found.port) as listening:
        service = open_service(found, system_clock, server.fail, create=True)
        try:
            _say(service, shown(found.store), found.host, listening.getsockname()[1], found.admin_token is not None)
            server.serve_app(build_app(service), listening)
        except KeyboardInterrupt:
            pass
        finally:
            service.log.close()
    if server.failure is not None:
        end(f"stopped: {server.failure}", NO)


def _say(service: Service, store: str, host: str, port: int, has_admin: bool) -> None:
    """Where it is, what to try, and, once, a token to write with."""
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    head = service.log.head()
    lines = [
        f"Chronology of {store} (position {head}) at {address}",
        f"  the API, to try out    {address}/docs",
        f"  who held every place   {address}/v1/control",
    ]
    if head:
        lines.append(f"  the page, to look at   {address}/")
    else:
        lines.append("  it is empty: chronology load hama-2024 fills it, also while this runs")
    if not has_admin and not service.tokens.every():
        _, secret = service.tokens.create(Role.ADMIN, "made by serve")
        lines += ["A token to write with, shown this once (Authorization: Bearer …):", f"  {secret}"]
    print(*lines, "Stop with Ctrl+C.", sep="\n", flush=True)
