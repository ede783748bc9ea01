"""Answers in JSON, and the headers that go with them."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import Request, Response

from domain.when.instant import text
from service.answers import Json
from service.http.problems import Problem
from service.intake.intake import Receipt, Versions

JSON = "application/json"
GEOJSON = "application/geo+json"
NDJSON = "application/x-ndjson"
CSV = "text/csv"


_UNCACHED = (b"cache-control", b"no-cache")


def json_response(
    body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None, media_type: str = JSON
) -> Response:
    """An answer that no cache keeps without asking again."""
    return Response(orjson.dumps(body), status, {"Cache-Control": "no-cache"} | dict(headers or {}), media_type)


def receipt_json(receipt: Receipt) -> Json:
    recorded = receipt.recorded
    return {
        "id": receipt.id,
        "version": recorded.version,
        "position": recorded.position,
        "recorded_at": text(recorded.recorded_at),
    }


def receipt_response(receipt: Receipt, location: str) -> Response:
    """201 for what has been appended, 200 for what had been."""
    status = HTTPStatus.CREATED if receipt.fresh else HTTPStatus.OK
    response = Response(orjson.dumps(receipt_json(receipt)), status, media_type=JSON)
    tag = etag(receipt.recorded.version).encode()
    response.raw_headers += [_UNCACHED, (b"etag", tag), (b"location", location.encode("latin-1"))]
    return response


def etag(version: int) -> str:
    return f'"{version}"'


def if_match(request: Request) -> Versions:
    """The versions that `If-Match` names (RFC 9110 §13.1.1); None where there is none or it is `*`.

    A tag that is none of ours, or is weak, matches nothing.
    """
    headers = request.headers.getlist("if-match")
    tags = [tag.strip() for header in headers for tag in header.split(",")]
    if not tags or "*" in tags:
        return None
    strong = (tag[1:-1] for tag in tags if len(tag) > 2 and tag[0] == tag[-1] == '"')
    return frozenset(int(tag) for tag in strong if tag.isascii() and tag.isdigit() and len(tag) < 18)


def schema(name: str) -> dict[str, Any]:
    """Something in the form of a schema (service/http/schemas.py, feature_schemas.py), for the OpenAPI document.

    It goes by its name: whoever asks for the document imports what it looks like, and nobody else has to wait for that.
    """
    return {"schema": {"$ref": f"#/components/schemas/{name}"}}


def answer(name: str, **more: Any) -> dict[str, Any]:
    """An answer in JSON in the form of a schema, for the document; `content` has its other forms, by media type."""
    return {**more, "content": {JSON: schema(name), **more.get("content", {})}}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a call, for the OpenAPI document."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {"application/problem+json": schema(Problem.__name__)},
        }
        for status in statuses
    }
