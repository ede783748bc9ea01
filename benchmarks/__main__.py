"""`python -m benchmarks`: every measure, each in a process of its own; a table, and what it is drawn from."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.figures import read, write
from benchmarks.measure import Mismatch
from benchmarks.measures import MEASURES
from benchmarks.readme import tell
from benchmarks.running import findings
from benchmarks.scale import SCALES
from benchmarks.table import line, machine, table


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(each.name for each in MEASURES)}")
    parser.add_argument("--scale", choices=SCALES, default="full")
    parser.add_argument("--reports", type=int, metavar="N", help="in the large chronology, instead of the scale's")
    parser.add_argument("--spans", type=int, metavar="N", help="laid out for the peers, likewise")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="figures.json and figures.svg in it")
    parser.add_argument("--readme", type=Path, metavar="FILE", help="the table in it, from what is written in FOLDER")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - {each.name for each in MEASURES}
    if unknown:
        parser.error(f"there is no measure {', '.join(sorted(unknown))}")
    scale = SCALES[arguments.scale]
    if arguments.reports is not None:
        scale = replace(scale, reports=arguments.reports)
    if arguments.spans is not None:
        scale = replace(scale, spans=arguments.spans)
    names = [each.name for each in MEASURES if not arguments.names or each.name in arguments.names]
    print(machine(), flush=True)
    found = []
    try:
        for finding in findings(names, scale):
            found.append(finding)
            print(line(finding), flush=True)
            if arguments.write is not None:
                write(arguments.write, found)
    except Mismatch as mismatch:
        sys.exit(f"a peer gives another answer: {mismatch}")
    print(f"\n{table(found)}")
    if arguments.write is not None and arguments.readme is not None:
        tell(arguments.readme, read(arguments.write / "figures.json"))


if __name__ == "__main__":
    main()
