"""Findings as a picture (SVG): how far each came by what was wanted of it, on a scale of powers of ten."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import log10

from benchmarks.measure import Finding
from benchmarks.table import number

_ROW, _TOP, _LABELS, _BARS, _NUMBERS = 36, 40, 480, 260, 170  # pixels
_REACH = 2.0
"""Powers of ten to each side of the line that is wanted."""

_STYLE = """
text{font:12px system-ui,sans-serif;fill:#1f2328}.peer,.axis{fill:#59636e;font-size:11px}.grid{stroke:#d1d9e0}
.wanted{stroke:#1f2328}.reached{fill:#1a7f64}.missed{fill:#bc4c00}
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.peer,.axis{fill:#9198a1}.grid{stroke:#3d444d}
.wanted{stroke:#f0f6fc}.reached{fill:#3fb996}.missed{fill:#f0883e}}
""".replace("\n", "")


def draw(findings: Sequence[Finding]) -> str:
    """Each finding a bar that runs from the line to the right where it is reached, to the left where it is missed."""
    told = [each for each in findings if each.ratio is not None]
    width, height = _LABELS + _BARS + _NUMBERS, _TOP + _ROW * len(told) + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' role="img"><title>Each measure beside its peer, by what was wanted</title>',
        f"<style>{_STYLE}</style>",
        *_axis(height),
        *(part for i, each in enumerate(told) for part in _bar(each, _TOP + i * _ROW)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _axis(height: int) -> list[str]:
    parts = []
    for power, label in ((-2, "1/100"), (-1, "1/10"), (0, "as wanted"), (1, "10 times"), (2, "100 times")):
        x = _x(power)
        parts.append(f'<text class="axis" x="{x:g}" y="16" text-anchor="middle">{label}</text>')
        kind = "grid" if power else "wanted"
        parts.append(f'<line class="{kind}" x1="{x:g}" y1="24" x2="{x:g}" y2="{height - 4}"/>')
    return parts


def _bar(finding: Finding, y: int) -> list[str]:
    ratio = finding.ratio or 0
    by_wanted = finding.target / ratio if finding.small else ratio / finding.target
    middle, end = _x(0), _x(max(-_REACH, min(_REACH, log10(by_wanted))))
    what, peer = (escape(text.replace("`", "")) for text in (finding.what, f"beside {finding.beside}"))
    kind = "reached" if finding.reached else "missed"
    start, length = min(middle, end), max(abs(end - middle), 1)
    wanted = f"{'≤' if finding.small else '≥'} {number(finding.target)}"
    return [
        f'<text x="4" y="{y + 14}">{what}</text><text class="peer" x="4" y="{y + 28}">{peer}</text>',
        f'<rect class="{kind}" x="{start:.1f}" y="{y + 8}" width="{length:.1f}" height="16"/>',
        f'<text x="{_LABELS + _BARS + 12}" y="{y + 20}">{number(ratio)} (wanted {wanted})</text>',
    ]


def _x(power: float) -> float:
    return _LABELS + _BARS * (power + _REACH) / (2 * _REACH)
