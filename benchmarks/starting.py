"""How soon the command line is there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from statistics import median

from benchmarks.measure import Measure, Round
from benchmarks.scale import Scale
from benchmarks.timing import seconds

_HELP = (sys.executable, "-m", "service.cli.main", "--help")
_IMPORT = (sys.executable, "-c", "import fastapi")
_TIMES = 5


def help(scale: Scale) -> Iterator[Round]:
    for _ in range(scale.rounds):
        yield Round(_took(_HELP), _took(_IMPORT))


def _took(command: Sequence[str]) -> float:
    run = lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: E731
    return median(seconds(run) for _ in range(_TIMES))


MEASURES = (
    Measure(
        "help",
        "cold start of `chronology --help`",
        '`python -c "import fastapi"`',
        "s",
        0.5,
        help,
        small=True,
    ),
)
