"""Files that commands read and write; `-` is standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from service.settings import BadSetting

STANDARD = "-"


@contextmanager
def reading(name: str) -> Iterator[BufferedReader]:
    """The file's bytes. Raises BadSetting for one that can't be read."""
    if name == STANDARD:
        # A reader of its own, never closed: a thread may wait in it when the program ends, which would wait for it.
        yield open(0, "rb", closefd=False)  # noqa: SIM115 - it has no path
        return
    try:
        with Path(name).open("rb") as file:
            yield file
    except ValueError as error:  # a NUL in the name
        raise BadSetting(f"{name!r} can't be read: {error}") from error
    except OSError as error:
        if error.filename != name:
            raise
        raise BadSetting(f"{name} can't be read: {error.strerror}") from error


def size_of(name: str) -> int | None:
    """How many bytes there are to read, where that is known beforehand."""
    path = Path(name)
    return path.stat().st_size if name != STANDARD and path.is_file() else None


@contextmanager
def writing(name: str | None) -> Iterator[IO[bytes]]:
    """Where the output goes: standard output, or a file that is there whole at the end, or as it was before.

    Raises BadSetting for a file that can't be written.
    """
    if name is None:
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    path = Path(name).resolve()  # of a link, what it leads to is replaced
    try:
        if path.exists() and not path.is_file():  # a pipe or a device: nothing to put in its place
            with path.open("wb") as file:
                yield file
            return
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                file.close()
                Path(file.name).chmod(_mode(path))
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except (PermissionError, FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise BadSetting(f"--output: {name} can't be written: {error.strerror}") from error


def _mode(path: Path) -> int:
    """The mode of the file that is replaced, or else that of any new file."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
