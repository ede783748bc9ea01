"""Which of the forms that a call offers a client would rather have (Accept, RFC 9110 §12.5.1).

A plain link can't say what its reader accepts, so `format` in the address goes before it.
"""

from __future__ import annotations

from fastapi import Request

from service.forms.reading import read_given
from service.http.responses import CSV, GEOJSON, JSON, NDJSON
from service.question import one_of

FORMATS = {"json": JSON, "geojson": GEOJSON, "csv": CSV, "ndjson": NDJSON}


def wished(request: Request, *offered: str) -> str:
    """The media type that `format` names, else the one preferred. Raises Several for a format that is not offered."""
    words = [word for word, media_type in FORMATS.items() if media_type in offered]
    named = read_given(request.query_params, {"format": one_of(*words)})
    return FORMATS[named["format"]] if named else preferred(request, *offered)


def preferred(request: Request, *offered: str) -> str:
    """One of the media types offered; the first where the client has no wish, or none that can be met."""
    wishes = [_wish(part) for header in request.headers.getlist("accept") for part in header.split(",")]
    worth = {each: max((_worth(each, of, q) for of, q in wishes), default=(0.0, 0)) for each in offered}
    best = max(offered, key=lambda each: worth[each])  # of equals, the first
    return best if worth[best][0] > 0 else offered[0]


def _wish(part: str) -> tuple[str, float]:
    media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weights = [each[2:] for each in parameters if each.startswith("q=")]
    try:
        return media_type, min(1.0, max(0.0, float(weights[0]))) if weights else 1.0
    except ValueError:
        return media_type, 0.0


def _worth(offered: str, wished: str, q: float) -> tuple[float, int]:
    """How much it is wished for, and how exactly."""
    if wished == offered:
        return q, 2
    if wished == f"{offered.partition('/')[0]}/*":
        return q, 1
    return (q, 0) if wished == "*/*" else (0.0, 0)
