"""What many tests need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from serving import Served, served

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
