"""The sheet of every view: which columns it has, and the rows of an answer under them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from domain.claims import Names
from domain.place import Place
from domain.tally.mention import Measure
from service.answers import Json
from service.report_view import named
from service.sheet import Cell, Row, Sheet, joined, prefixed

Places = Mapping[str, Place]
"""Those that are known, by id."""

_LISTS = ("basis", "dissent", "unconfirmed")
_SHOWN = ("status", "holders", "parties", "challenger")
_PLACE = ("place", "name", "kind", "lon", "lat")
_ANSWER = (
    *_SHOWN,
    *prefixed("before_", _SHOWN),
    *prefixed("after_", _SHOWN),
    *("since_earliest", "since_latest", "last_confirmed", "credibility"),
    *_LISTS,
    *(f"{name}_count" for name in _LISTS),
    *("inherited_from", "exceptions"),
)
_BOTH = (*prefixed("before_", _ANSWER), *prefixed("after_", _ANSWER))
_TOTAL = ("low", "best", "high", "happenings", "conflicts", "reports")
_REPORT = (
    *("id", "version", "text", "occurred", "earliest", "latest", "credibility"),
    *("sources", "urls", "kinds", "places", "forces"),
    *("filed_position", "filed_at", "retracted_position", "retracted_at", "retracted_reason"),
)


def of_map(answer: Json, places: Places) -> Sheet:
    """A place a row."""
    return Sheet((*_PLACE, *_ANSWER), (_place(each["place"], places) | _answer(each) for each in answer["places"]))


def of_place(answer: Json, places: Places) -> Sheet:
    return of_map({"places": [answer]}, places)


def of_timeline(answer: Json, places: Places) -> Sheet:
    """A segment a row."""
    place = _place(answer["place"], places)
    rows = (
        {"from": segment["from"], "until": segment["until"]} | place | _answer(segment)
        for segment in answer["segments"]
    )
    return Sheet(("from", "until", *_PLACE, *_ANSWER), rows)


def of_changes(answer: Json, places: Places) -> Sheet:
    """A place a row: the answer before, the answer after, and what made the difference."""
    return Sheet((*_PLACE, *_BOTH, "reports", "from", "to"), _changes(answer, places))


def of_revisions(answer: Json, places: Places) -> Sheet:
    """The same of two knowledge times; `events` are positions."""
    return Sheet((*_PLACE, *_BOTH, "events", "from", "to"), _changes(answer, places))


def _changes(answer: Json, places: Places) -> Iterator[Row]:
    for each in answer["changes"]:
        yield {
            **_place(each["place"], places),
            **_answer(each["before"], "before_"),
            **_answer(each["after"], "after_"),
            "reports": joined(each.get("reports", ())),
            "events": joined(event["position"] for event in each.get("events", ())),
            "from": answer["from"],
            "to": answer["to"],
        }


def of_comparison(answer: Json, places: Places) -> Sheet:
    """A row for each place under each lens."""
    rows = (
        {"lens": lens} | _place(each["place"], places) | _answer(told)
        for each in answer["places"]
        for lens, told in each["answers"].items()
    )
    return Sheet(("lens", *_PLACE, *_ANSWER), rows)


def of_tallies(answer: Json, places: Places) -> Sheet:
    """A group a row; what is not grouped by stays empty."""
    measures = (f"{measure.value}_{part}" for measure in Measure for part in _TOTAL)
    rows = (
        {name: each.get(name) for name in ("side", "from", "until")}
        | (_place(each["place"], places) if each.get("place") else {})
        | {name: cell for measure in Measure for name, cell in _total(measure.value, each[measure.value])}
        for each in answer["tallies"]
    )
    return Sheet(("side", "from", "until", *_PLACE, *measures), rows)


def _total(measure: str, total: Json | None) -> Iterator[tuple[str, Cell]]:
    for part in _TOTAL if total else ():
        value = total[part] if total else None
        yield f"{measure}_{part}", joined(value) if isinstance(value, list | tuple) else value


def of_reports(reports: Iterable[Json]) -> Sheet:
    """A report a row."""
    return Sheet(_REPORT, map(_report, reports))


def _report(report: Json) -> Row:
    retracted = report["retracted"] or {}
    return {
        **{name: report[name] for name in ("id", "version", "text", "occurred", "credibility")},
        **report["window"],
        "sources": joined(each["source"] for each in report["sources"]),
        "urls": joined(each["url"] for each in report["sources"] if "url" in each),
        "kinds": joined(dict.fromkeys(claim["kind"] for claim in report["claims"])),
        "places": joined(named(report, Names.PLACE)),
        "forces": joined(named(report, Names.FORCE)),
        "filed_position": report["filed"]["position"],
        "filed_at": report["filed"]["recorded_at"],
        "retracted_position": retracted.get("position"),
        "retracted_at": retracted.get("recorded_at"),
        "retracted_reason": retracted.get("reason"),
    }


def _place(id: str, places: Places) -> dict[str, Cell]:
    place = places[id]
    location = place.location
    where = {} if location is None else {"lon": location.lon, "lat": location.lat}
    return {"place": id, "name": place.name, "kind": place.kind, **where}


def _answer(answer: Json | None, prefix: str = "") -> dict[str, Cell]:
    """The cells of an answer; none where there was none."""
    if answer is None:
        return {}
    since = answer["since"] or {}
    cells: dict[str, Cell] = {
        **_shown("", answer),
        **_shown("before_", answer["before"]),
        **_shown("after_", answer["after"]),
        "since_earliest": since.get("earliest"),
        "since_latest": since.get("latest"),
        "last_confirmed": answer["last_confirmed"],
        "credibility": answer["credibility"],
        **{name: joined(answer[name]) for name in _LISTS},
        **{f"{name}_count": answer.get(f"{name}_count", len(answer[name])) for name in _LISTS},
        "inherited_from": answer["inherited_from"],
        "exceptions": joined(answer["exceptions"]),
    }
    return {prefix + name: cell for name, cell in cells.items()} if prefix else cells


def _shown(prefix: str, shown: Json | None) -> dict[str, Cell]:
    if shown is None:
        return {}
    lists = {f"{prefix}{part}": joined(shown[part] or ()) for part in _SHOWN[1:]}
    return {f"{prefix}status": shown["status"], **lists}
