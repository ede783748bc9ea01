"""An answer in the form that is wished for: JSON, GeoJSON or CSV."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from service.answers import Json
from service.http.asking import Asked
from service.http.citing import answered
from service.http.negotiation import wished
from service.http.responses import CSV, GEOJSON, JSON, answer, schema
from service.sheet import Sheet
from service.sheets import Places

CSV_WITH_HEADER = f"{CSV}; header=present"


@dataclass(frozen=True, slots=True)
class Forms:
    """How a call's answer is written beside JSON. `json` and `geojson` are the names of the schemas of it in these."""

    features: Callable[[Json, Places], Json]
    sheet: Callable[[Json, Places], Sheet]
    json: str
    geojson: str

    def described(self) -> dict[int | str, dict[str, Any]]:
        """The answer for the OpenAPI document."""
        return {
            200: answer(
                self.json,
                content={GEOJSON: schema(self.geojson), CSV: {"schema": {"type": "string"}}},
                description="With `Accept: application/geo+json` or `format=geojson` as GeoJSON, "
                "with `text/csv` or `format=csv` as CSV",
            )
        }


def shaped(request: Request, asked: Asked, body: Json, forms: Forms, **cited: Any) -> Response:
    """The answer `body` in the form that is wished for; `cited` as `answered` takes it.

    What the answer says of itself (its times) stands beside the features, and in every row.
    """
    form = wished(request, JSON, GEOJSON, CSV)
    if form == JSON:
        return answered(request, asked, body, **cited)
    places = asked.service.projections.control.settlements(asked.known_at).places
    if form == GEOJSON:
        return answered(request, asked, forms.features(body, places), media_type=GEOJSON, **cited)
    return answered(request, asked, forms.sheet(body, places).written, media_type=CSV_WITH_HEADER, **cited)
