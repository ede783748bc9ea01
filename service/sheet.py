"""The whole map as a sheet: CSV (RFC 4180) with a header, in UTF-8, a place a row.

Lists are joined by `;`. A cell that a spreadsheet would take for a formula begins with an apostrophe instead.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from domain.control.answer import Answer
from domain.control.state import Shown
from domain.place import Place
from service.answers import Json, answer_json

MEDIA_TYPE = "text/csv"
Cell = str | int | float | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LISTS = ("basis", "dissent", "unconfirmed")
_SHOWN = ("status", "holders", "parties", "challenger")
COLUMNS = (
    *("place", "name", "kind", "lon", "lat"),
    *_SHOWN,
    *(f"before_{part}" for part in _SHOWN),
    *(f"after_{part}" for part in _SHOWN),
    *("since_earliest", "since_latest", "last_confirmed", "credibility"),
    *_LISTS,
    *(f"{name}_count" for name in _LISTS),
    *("inherited_from", "exceptions"),
    *("at", "known_at", "as_of_position"),
)


def as_csv(found: Iterable[tuple[Place, Answer]], times: Json, evidence: int | None = None) -> str:
    """`times` are those of the whole answer, and stand in every row. `evidence` cuts the lists, not their counts."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for place, answer in found:
        cells = _cells(place, answer, evidence) | times
        writer.writerow([_defused(cells[column]) for column in COLUMNS])
    return out.getvalue()


def _cells(place: Place, answer: Answer, evidence: int | None) -> dict[str, Cell]:
    told = answer_json(answer, evidence)
    since = told["since"] or {}
    return {
        "place": place.id,
        "name": place.name,
        "kind": place.kind,
        "lon": None if place.location is None else place.location.lon,
        "lat": None if place.location is None else place.location.lat,
        **_shown("", answer.shown),
        **_shown("before_", answer.before),
        **_shown("after_", answer.after),
        "since_earliest": since.get("earliest"),
        "since_latest": since.get("latest"),
        "last_confirmed": told["last_confirmed"],
        "credibility": told["credibility"],
        **{name: _joined(told[name]) for name in _LISTS},
        **{f"{name}_count": len(getattr(answer, name)) for name in _LISTS},
        "inherited_from": answer.inherited_from,
        "exceptions": _joined(answer.exceptions),
    }


def _shown(prefix: str, shown: Shown | None) -> dict[str, Cell]:
    if shown is None:
        return dict.fromkeys(prefix + part for part in _SHOWN)
    return {
        f"{prefix}status": shown.status,
        f"{prefix}holders": _joined(shown.holders),
        f"{prefix}parties": _joined(shown.parties),
        f"{prefix}challenger": _joined(shown.challenger or ()),
    }


def _joined(ids: Sequence[str]) -> str:
    return ";".join(ids)


def _defused(cell: Cell) -> Cell:
    """A text that would be taken for a formula, made a text again; a number is none."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
