"""Findings as text: a line for each, and a table in Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence

from benchmarks.measure import Finding


def machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


def line(finding: Finding) -> str:
    """One finding as it is told while others are still measured."""
    if finding.ratio is None:
        return f"{finding.name}: skipped, {finding.skipped}"
    spread = f"{number(finding.least)} to {number(finding.greatest)}"
    return (
        f"{finding.name}: {number(finding.ours)} {finding.unit} beside {number(finding.peer)}: "
        f"{number(finding.ratio)} times ({spread}); wanted {wanted(finding)}: {verdict(finding)}"
    )


def table(findings: Sequence[Finding]) -> str:
    rows = [
        "| measure | size | beside | ours | the peer's | ratio | spread | wanted | |",
        "|---|---|---|---|---|---|---|---|---|",
        *map(_row, findings),
    ]
    return "\n".join(rows)


def _row(finding: Finding) -> str:
    start = f"| {finding.what} | {finding.size} | {finding.beside} |"
    if finding.ratio is None:
        return f"{start} – | – | – | – | {wanted(finding)} | skipped: {finding.skipped} |"
    return (
        f"{start} {number(finding.ours)} {finding.unit} | {number(finding.peer)} | {number(finding.ratio)} | "
        f"{number(finding.least)}–{number(finding.greatest)} | {wanted(finding)} | {verdict(finding)} |"
    )


def wanted(finding: Finding) -> str:
    return f"{'≤' if finding.small else '≥'} {number(finding.target)}"


def verdict(finding: Finding) -> str:
    return "reached" if finding.reached else "missed"


def number(value: float | None) -> str:
    """With three digits that tell something."""
    if value is None:
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
