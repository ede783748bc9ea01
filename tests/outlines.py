"""Roads and areas in every status, for a look at how each is drawn."""

from __future__ import annotations

from typing import Any

from serving import Served

STATUSES = ("held", "contested", "disputed", "changing", "vacated", "unknown")
NOON = "2024-12-05T12:00:00Z"


def register_outlines(running: Served) -> None:
    """A road and an area for each status, `road-held` and so on, side by side from west to east."""
    running.register((), ("red", "blue"))
    for i, status in enumerate(STATUSES):
        west = 36 + i * 0.3
        line = [[west, 35.6], [west + 0.1, 35.7], [west + 0.2, 35.6]]
        ring = [[west, 35.0], [west + 0.2, 35.0], [west + 0.2, 35.3], [west, 35.3], [west, 35.0]]
        road = {"id": f"road-{status}", "name": f"Road {status}", "kind": "road"}
        running.must("/v1/places", {**road, "shape": {"type": "LineString", "coordinates": line}})
        area = {"id": f"area-{status}", "name": f"Area {status}", "kind": "area"}
        running.must("/v1/places", {**area, "shape": {"type": "Polygon", "coordinates": [ring]}})
        for place in (f"road-{status}", f"area-{status}"):
            for n, claim in enumerate(claims(place, status)):
                occurred = claim.pop("occurred", "2024-12-04")
                body = {"id": f"{place}-{n}", "text": f"{place} was seen", "occurred": occurred, "claims": [claim]}
                running.must("/v1/reports", {**body, "credibility": "probable"})


def claims(place: str, status: str) -> list[dict[str, Any]]:
    """What has to be said of a place for it to be so at NOON."""

    def said(force: str, effect: str, **more: str) -> dict[str, Any]:
        return {"kind": "control", "place": place, "forces": force.split(), "effect": effect, **more}

    return {
        "held": [said("red", "takes")],
        "contested": [said("red blue", "contests")],
        "disputed": [said("red", "takes"), said("blue", "takes")],
        "changing": [said("red", "takes"), said("blue", "takes", occurred="2024-12-05")],
        "vacated": [said("red", "loses")],
        "unknown": [],
    }[status]
