"""The short table in README.md, between two marks, as the figures have it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Finding
from benchmarks.table import number, verdict, wanted

BEGIN, END = "<!-- figures -->\n", "<!-- /figures -->\n"


def tell(readme: Path, findings: Sequence[Finding]) -> None:
    """Put the table of these findings in the place of the one that is there."""
    before, _, rest = readme.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    readme.write_text(f"{before}{BEGIN}{short(findings)}{END}{after}")


def short(findings: Sequence[Finding]) -> str:
    rows = [
        "| | beside | times | wanted | |",
        "|---|---|---|---|---|",
        *(_row(each) for each in findings if each.ratio),
    ]
    return "".join(f"{row}\n" for row in rows)


def _row(finding: Finding) -> str:
    size = f" ({finding.size})" if finding.size else ""
    cells = (f"{finding.what}{size}", finding.beside, number(finding.ratio), wanted(finding), verdict(finding))
    return f"| {' | '.join(cells)} |"
