"""A disk that can be full for a while."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from postgres import USER, as_user

SIZE = 192  # MB
NO_MOUNT = bool(os.environ.get("CHRONOLOGY_TEST_NO_MOUNT"))

Processes = Callable[[], Iterable[int]]
"""Those that write on it."""


class Disk(Protocol):
    """`kind` says what makes it full."""

    folder: Path
    kind: str

    def fill(self, processes: Processes) -> None: ...

    def free(self, processes: Processes) -> None: ...


class Mounted:
    """A file system of its own, in memory. A file takes all the room that is left: what needs more fails."""

    kind = "no room on a file system of its own"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, _: Processes) -> None:
        with self._ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(65536))
        with self._ballast.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(1))

    def free(self, _: Processes) -> None:
        self._ballast.unlink()


class Limited:
    """Where nothing can be mounted: no file of the processes may be written beyond its first bytes (RLIMIT_FSIZE)."""

    kind = "no file may grow"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, processes: Processes) -> None:
        _limit(processes, "4096:")

    def free(self, processes: Processes) -> None:
        _limit(processes, "unlimited:")


def _limit(processes: Processes, size: str) -> None:
    for pid in processes():
        of_postgres = USER is not None and Path(f"/proc/{pid}").exists() and Path(f"/proc/{pid}").owner() == USER
        subprocess.run(
            ["prlimit", f"--pid={pid}", f"--fsize={size}"],
            check=False,  # it may have ended
            capture_output=True,
            **(as_user() if of_postgres else {}),  # type: ignore[call-overload]
        )


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """A file system of its own where one can be mounted, for who runs PostgreSQL's programs too."""
    folder.mkdir()
    mounted = not NO_MOUNT and _mounts(folder)
    if USER is not None:
        shutil.chown(folder, USER)
        for each in folder.parents:
            if each.stat().st_uid == os.geteuid() and each.is_relative_to("/tmp"):
                each.chmod(each.stat().st_mode | 0o011)
    try:
        yield Mounted(folder) if mounted else Limited(folder)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", folder], check=True)


def _mounts(folder: Path) -> bool:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    options = f"size={SIZE}m,mode=0755"
    found = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False)
    return found.returncode == 0
