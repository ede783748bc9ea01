"""What many tests need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from engines import ENGINES, Engine, engine_of
from hypothesis import HealthCheck, settings
from postgres import PostgresServer, demanded, started
from running import address
from serving import Served, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile(
    "chronology",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("chronology")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Served]:
    """A service on an empty store."""
    with served(tmp_path / "chronology.db") as found:
        yield found


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL for all the tests of this process; quick, and so with no care for a power cut."""
    demanded()
    with started() as server:
        yield server


@pytest.fixture
def postgres_address(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty database of one's own."""
    address = postgres_server.new_database()
    yield address
    postgres_server.drop(address)


@pytest.fixture(params=["sqlite", "postgres"])
def every_store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store that is not there yet, on each engine."""
    if request.param == "sqlite":
        return address(tmp_path / "chronology.db")
    found: str = request.getfixturevalue("postgres_address")
    return found


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    found = engine_of(request.param, request)
    yield found
    found.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's browser. What drives it is imported by the tests of the page alone: it takes its time."""
    from browsing import browser

    with browser() as launched:
        yield launched


@pytest.fixture(scope="module")
def served_hama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The Hama chronology, served for tests that only read."""
    from browsing import hama

    with hama(tmp_path_factory.mktemp("page")) as running:
        yield running
