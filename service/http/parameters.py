"""The parameters of every call, in one table: what the OpenAPI document says and what is taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.claims import KINDS
from domain.control.state import Status
from domain.credibility import Credibility
from domain.place import PlaceKind
from domain.policy import LENSES
from service.question import COMMON

_INSTANT = {"type": "string", "format": "date-time"}
_SLUGS = {"type": "string", "pattern": "^[a-z0-9-]{1,64}(,[a-z0-9-]{1,64})*$"}
_SLUG = {"type": "string", "pattern": "^[a-z0-9-]{1,64}$"}


def _words(*words: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(words)}


def _some_of(*words: str) -> dict[str, Any]:
    one = f"({'|'.join(words)})"
    return {"type": "string", "pattern": f"^{one}(,{one})*$"}


def _number(least: int, most: int = 10**18 - 1) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most}


QUERY: dict[str, tuple[dict[str, Any], str]] = {
    "at": (_INSTANT, "The instant of valid time to ask about; now by default"),
    "known_at": (
        {"anyOf": [_number(0), _INSTANT]},
        "What was known: a position of the log, or an instant (every event recorded by then); the newest by default",
    ),
    "lens": (_words(*LENSES), "A policy by name; what is given beside it replaces that part of it"),
    "min_credibility": (
        _words(*(grade.word for grade in Credibility)),
        "Only reports graded at least this; `possible` by default",
    ),
    "sources": (_SLUGS, "Only these sources count (a comma list)"),
    "exclude_sources": (_SLUGS, "These sources do not count (a comma list)"),
    "published_by": (_INSTANT, "Only what was published by this instant counts"),
    "against_interest": (
        _words("true", "false"),
        "With `true`, a party's own word counts for what it admits, not for what it boasts",
    ),
    "by": (_words("side"), "`side` shows each force by its side"),
    "after_position": (_number(0), "Answer only once the projections have reached this position of the log"),
    "evidence": (_number(1), "Cut each list of reports to the first and the newest, this many in all"),
    "bbox": (
        {"type": "string"},
        "Only places in this box: west, south, east, north in degrees; west may lie east of east, across the meridian",
    ),
    "force": (_SLUG, "Only where this force, or one aligned under it"),
    "status": (_some_of(*Status), "Only these statuses (a comma list)"),
    "kind": (_some_of(*PlaceKind), "Only these kinds (a comma list)"),
    "q": ({"type": "string", "maxLength": 200}, "Only those with this in the id, the name or an alias"),
}

REPORTS: dict[str, tuple[dict[str, Any], str]] = {
    "at": QUERY["at"],
    "known_at": QUERY["known_at"],
    "after_position": QUERY["after_position"],
    "place": (_SLUG, "Only reports that name this place, or one below it in the registry"),
    "force": (_SLUG, "Only reports that name this force, or one that was ever aligned under it"),
    "source": (_SLUG, "Only reports by this source, or that have it from there"),
    "kind": (_words(*KINDS), "Only reports with a claim of this kind"),
    "from": (_INSTANT, "Only what may have happened at or after this instant"),
    "to": (_INSTANT, "Only what may have happened at or before this instant"),
    "q": (
        {"type": "string", "maxLength": 200},
        'Only reports with all these words in the text or in a name that the report gives; `"two words"`, `begin*`',
    ),
    "limit": (_number(1, 1000), "How many at the most; 50 by default"),
    "cursor": ({"type": "string"}, "Where the page before ended: take it from its `next`"),
}

AS_KNOWN = ("at", "known_at", "after_position")
MAP = (*COMMON, "bbox", "force", "status", "kind")

IF_MATCH = ("If-Match", "Only if the newest version is this one")
IDEMPOTENCY_KEY = ("Idempotency-Key", "Makes the id of a report that comes without one, always the same")


def takes(*names: str, of: Mapping[str, tuple[dict[str, Any], str]] = QUERY) -> dict[str, Any]:
    """The OpenAPI description of query parameters, for a route's `openapi_extra`."""
    return {
        "parameters": [
            {"name": name, "in": "query", "required": False, "schema": of[name][0], "description": of[name][1]}
            for name in names
        ]
    }


def takes_header(header: tuple[str, str]) -> dict[str, Any]:
    name, description = header
    return {
        "parameters": [
            {"name": name, "in": "header", "required": False, "schema": {"type": "string"}, "description": description}
        ]
    }


def query_names(openapi_extra: Mapping[str, Any] | None) -> frozenset[str]:
    """The query parameters that a route takes."""
    parameters = (openapi_extra or {}).get("parameters", ())
    return frozenset(each["name"] for each in parameters if each["in"] == "query")
