"""The parameters of every call, in one table: what the OpenAPI document says and what is taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.claims import KINDS
from domain.control.state import Status
from domain.credibility import Credibility
from domain.place import PlaceKind
from domain.policy import LENSES
from event_store.codec import NAMES
from service.question import COMMON
from service.tallies import GROUPS

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
    "proofs": (
        _words("true", "false"),
        "With `true`, the log's checkpoint at `known_at`, and a proof of every event of the reports in the basis",
    ),
    "bbox": (
        {"type": "string"},
        "Only places in this box: west, south, east, north in degrees; west may lie east of east, across the meridian",
    ),
    "force": (_SLUG, "Only where this force, or one aligned under it"),
    "status": (_some_of(*Status), "Only these statuses (a comma list)"),
    "kind": (_some_of(*PlaceKind), "Only these kinds (a comma list)"),
    "q": ({"type": "string", "maxLength": 200}, "Only those with this in the id, the name or an alias"),
    "format": (_words("json", "geojson", "csv"), "The form of the answer, for links, which can't say what they accept"),
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
    "format": (_words("json", "geojson", "csv", "ndjson"), QUERY["format"][1]),
    "ids": (_SLUGS, "These reports (a comma list, at most 200), in this order; goes with no other part of a search"),
    "brief": (
        _words("true", "false"),
        "With `true`, of each report only when, about which places and by whom it is: not its text and its claims",
    ),
    "cursor": ({"type": "string"}, "Where the page before ended: take it from its `next`"),
}

_KNOWN_AT = QUERY["known_at"][0]

BETWEEN_INSTANTS = QUERY | {
    "from": (_INSTANT, "The instant to compare with"),
    "to": (_INSTANT, "The instant that is compared; `at` by default, or else now"),
}
BETWEEN_KNOWLEDGE_TIMES = QUERY | {
    "from": (_KNOWN_AT, "The knowledge time to compare with: a position or an instant"),
    "to": (_KNOWN_AT, "The knowledge time that is compared; `known_at` by default, or else the newest"),
}
COMPARED = QUERY | {
    "lens": (
        {"type": "array", "items": _words(*LENSES), "minItems": 2, "uniqueItems": True},
        "The lenses to compare, each given once; what is given beside them replaces that part of each",
    ),
}
REPLAY = QUERY | {
    "from": (
        {"anyOf": [_number(0), _INSTANT]},
        "Where it begins: an instant (the first at which anything happened by default), or on the axis `knowledge` "
        "a position or an instant of recording (0 by default)",
    ),
    "to": (
        {"anyOf": [_number(0), _INSTANT]},
        "Where it ends: an instant (`at`, or now), or on the axis `knowledge` a position or an instant of recording "
        "(`known_at`, or the newest)",
    ),
    "axis": (_words("valid", "knowledge"), "The clock that runs: the world's (`valid`, the default) or knowledge's"),
    "speed": (
        {"type": "number", "exclusiveMinimum": 0, "maximum": 1e12},
        "Play it: so many seconds of its clock in one second; all at once by default",
    ),
}

TALLIES: dict[str, tuple[dict[str, Any], str]] = {
    "group": (
        {"type": "string", "pattern": f"^({'|'.join(GROUPS)})(,({'|'.join(GROUPS)})){{0,2}}$"},
        "A row for each of these (a comma list, with at most one period); one row for all by default",
    ),
    "from": (_INSTANT, "Only what happened at or after this instant"),
    "to": (_INSTANT, "Only what happened at or before this instant"),
    "place": (_SLUG, "Only at this place, or one below it in the registry"),
    "force": (_SLUG, "Only of this force, or one aligned under it at the time"),
    "event": (_SLUG, "Only the happening that claims call so"),
    **{
        name: QUERY[name]
        for name in (*COMMON, "format")
        if name not in ("by", "against_interest")  # what is counted has groups of its own, and no interest
    },
}

AS_KNOWN = ("at", "known_at", "after_position")
MAP = (*COMMON, "format", "bbox", "force", "status", "kind")

FEED: dict[str, tuple[dict[str, Any], str]] = {
    "after": (_number(0), "Only what stands after this position of the log; 0 by default"),
    "types": (
        _some_of(*(name.replace(".", "(\\.") + ")?" for name in NAMES.values())),
        "Only events of these types (a comma list), with or without their versions",
    ),
    "place": (_SLUG, "Only what is about this place, or one below it in the registry"),
    "limit": (_number(1, 1000), "How many a page has at the most; 100 by default"),
}

WATCHED = QUERY | {
    "after": (
        {"type": "string", "pattern": "^[0-9]{1,18}(@.*)?$"},
        "Only what changed after this: a position, or the `id` or `next` of this feed; now by default",
    ),
    "places": (_SLUGS, "Only these places (a comma list)"),
    "limit": FEED["limit"],
}

INCLUSION: dict[str, tuple[dict[str, Any], str]] = {
    "position": (_number(1), "The position of the event"),
    "size": (_number(1), "The size of the log in which it is; the newest by default"),
}
CONSISTENCY: dict[str, tuple[dict[str, Any], str]] = {
    "from": (_number(1), "The size of the log as it was"),
    "to": (_number(1), "The size that it has grown to; the newest by default"),
}

LAST_EVENT_ID = ("Last-Event-ID", "The id of the last event that the client had, when it comes back")
DRY_RUN = ("dry_run", (_words("true", "false"), "With `true`, only say what would change; nothing is kept"))
ACCEPT_DATETIME = (
    "Accept-Datetime",
    "As `known_at` (RFC 7089): Thu, 05 Dec 2024 12:00:00 GMT",
)
IF_NONE_MATCH = ("If-None-Match", "The ETag of the answer that the client has")
IF_MATCH = ("If-Match", "Only if the newest version is this one")
IDEMPOTENCY_KEY = ("Idempotency-Key", "Makes the id of a report that comes without one, always the same")


def takes(
    *names: str, of: Mapping[str, tuple[dict[str, Any], str]] = QUERY, needed: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The OpenAPI description of query parameters, for a route's `openapi_extra`."""
    return {
        "parameters": [
            {"name": name, "in": "query", "required": name in needed, "schema": of[name][0], "description": of[name][1]}
            for name in names
        ]
    }


def takes_both(query: tuple[str, tuple[dict[str, Any], str]], header: tuple[str, str]) -> dict[str, Any]:
    """Of a query parameter and a header."""
    name, described = query
    return {"parameters": [*takes(name, of={name: described})["parameters"], *takes_header(header)["parameters"]]}


def takes_header(header: tuple[str, str]) -> dict[str, Any]:
    name, description = header
    return {
        "parameters": [
            {"name": name, "in": "header", "required": False, "schema": {"type": "string"}, "description": description}
        ]
    }


def query_names(openapi_extra: Mapping[str, Any] | None) -> frozenset[str]:
    """The query parameters that a route takes."""
    return frozenset(each["name"] for each in _query(openapi_extra))


def repeatable_names(openapi_extra: Mapping[str, Any] | None) -> frozenset[str]:
    """Those that can be given more than once."""
    return frozenset(each["name"] for each in _query(openapi_extra) if each["schema"].get("type") == "array")


def _query(openapi_extra: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    return [each for each in (openapi_extra or {}).get("parameters", ()) if each["in"] == "query"]
