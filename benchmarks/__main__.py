"""`python -m benchmarks`: every measure, each in a process of its own; a table, and what it is drawn from."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import orjson

from benchmarks.drawing import draw
from benchmarks.measure import Mismatch
from benchmarks.measures import MEASURES
from benchmarks.running import findings
from benchmarks.scale import SCALES
from benchmarks.table import line, machine, table


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(each.name for each in MEASURES)}")
    parser.add_argument("--scale", choices=SCALES, default="full")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write figures.json and figures.svg into it")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - {each.name for each in MEASURES}
    if unknown:
        parser.error(f"there is no measure {', '.join(sorted(unknown))}")
    names = [each.name for each in MEASURES if not arguments.names or each.name in arguments.names]
    print(machine(), flush=True)
    found = []
    try:
        for finding in findings(names, arguments.scale):
            found.append(finding)
            print(line(finding), flush=True)
    except Mismatch as mismatch:
        sys.exit(f"a peer gives another answer: {mismatch}")
    print(f"\n{table(found)}")
    if arguments.write is not None:
        arguments.write.mkdir(parents=True, exist_ok=True)
        about = {"scale": arguments.scale, "machine": machine(), "date": datetime.now(UTC).date().isoformat()}
        data = {**about, "measures": [asdict(each) for each in found]}
        (arguments.write / "figures.json").write_bytes(orjson.dumps(data, option=orjson.OPT_INDENT_2))
        (arguments.write / "figures.svg").write_text(draw(found))


if __name__ == "__main__":
    main()
