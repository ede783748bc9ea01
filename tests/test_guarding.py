"""Tests that are killed leave no server behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from postgres import demanded
from running import await_true

STARTING = """
import sys, time
from pathlib import Path
from postgres import started
from running import serving

with started() as server, serving(Path(sys.argv[1])) as running:
    print(server.processes[0], running.process.pid, server.folder, flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_killed_leaves_no_server_and_no_folder_of_its(by: signal.Signals, tmp_path: Path) -> None:
    demanded()
    tests = subprocess.Popen(
        [sys.executable, "-c", STARTING, tmp_path / "chronology.db"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )
    assert tests.stdout is not None
    server, service, folder = tests.stdout.readline().split()
    tests.send_signal(by)
    tests.wait(20)
    tests.stdout.close()
    await_true("both have ended", lambda: not any(map(_runs, (server, service))))
    await_true("the folder is gone", lambda: not Path(folder).exists())


def _runs(pid: str) -> bool:
    """Who has ended stays listed where nobody asks after orphans."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
