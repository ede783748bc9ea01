"""The figures as they are kept: in JSON, and as a picture of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import orjson

from benchmarks.drawing import draw
from benchmarks.measure import Finding
from benchmarks.measures import MEASURES
from benchmarks.table import machine


def write(folder: Path, found: Sequence[Finding]) -> None:
    """Put these in the place of those of the same measures; others that were written before stay."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "figures.json"
    day = datetime.now(UTC).date().isoformat()
    kept = {each.name: each for each in read(path)} | {each.name: replace(each, day=day) for each in found}
    every = [kept[each.name] for each in MEASURES if each.name in kept]
    data = {"machine": machine(), "measures": [asdict(each) for each in every]}
    path.write_bytes(orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    (folder / "figures.svg").write_text(draw(every))


def read(path: Path) -> list[Finding]:
    if not path.exists():
        return []
    return [Finding(**each) for each in orjson.loads(path.read_bytes())["measures"]]
