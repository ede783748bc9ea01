"""The logic of the page's clocks and spans: its own tests, and its agreement with a running service."""

from __future__ import annotations

from pathlib import Path

import pytest
from browsing import WEB, hama, node

VITEST = WEB / "node_modules" / "vitest" / "vitest.mjs"


@pytest.mark.skipif(not VITEST.is_file(), reason="what the page is built from is not installed: make page")
def test_the_page_agrees_with_itself_and_with_the_service(tmp_path: Path) -> None:
    with hama(tmp_path) as running:
        done = node(str(VITEST), "run", CHRONOLOGY_URL=running.url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "skipped" not in done.stdout
