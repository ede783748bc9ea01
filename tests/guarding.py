"""What the tests start does not outlive them: nor where a signal ends them, when nothing of theirs runs any more."""

from __future__ import annotations

import subprocess
from pathlib import Path

_GUARD = """
cat
kill -"$2" "$1"
for tick in $(seq 100); do kill -0 "$1" || break; sleep 0.1; done
test -z "$3" || rm -rf "$3"
"""
"""Nobody writes to its standard input, so `cat` ends when whoever holds the other end does."""


class Guard:
    """Watches over a process until it is let go of. `by` is the signal that ends that process for good."""

    def __init__(self, process: subprocess.Popen[bytes], by: str = "KILL", folder: Path | None = None) -> None:
        """The `folder`, if there is one, is removed after it."""
        self._shell = subprocess.Popen(
            ["sh", "-c", _GUARD, "guard", str(process.pid), by, str(folder or "")],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl+C is for the tests
        )

    def let_go(self) -> None:
        """To be called before the process can have ended: its number may be another's then."""
        self._shell.kill()
        self._shell.wait()
        assert self._shell.stdin is not None
        self._shell.stdin.close()
