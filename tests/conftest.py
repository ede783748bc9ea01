"""What many tests need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
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
