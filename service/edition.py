"""Which edition of the program this is, as far as what it keeps in memory goes: its rules, and how it reads the log."""

from __future__ import annotations

import sys
from array import array
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import domain
import event_store
import projections

_MAKE_IT = (domain, event_store, projections)


@cache
def edition(*others: ModuleType) -> str:
    """The hash of the text of all that has a part in it, and of how this machine writes numbers.

    With other packages, theirs too.
    """
    found = sha256(f"{sys.byteorder} {[array(code).itemsize for code in 'BIlLq']}".encode())
    for package in (*_MAKE_IT, *others):
        folder = Path(package.__path__[0])
        for path in sorted(folder.rglob("*.py")):
            found.update(f"{path.relative_to(folder.parent)}\n".encode())
            found.update(path.read_bytes())
    return found.hexdigest()
