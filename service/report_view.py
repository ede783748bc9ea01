"""How a report looks from outside: the fields it came with, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from domain.claims import KINDS, Claim, Figure, Names
from domain.events import Erased, Recorded, ReportAssessed, ReportCorrected, ReportFiled, ReportRedacted
from domain.history import Content, ReportHistory
from domain.redacted import Redacted, Words, words_left
from domain.report import Citation
from domain.when.instant import text, text_or_none
from domain.when.window import Occurred
from event_store.codec import NAMES
from service.answers import Json


def report_json(history: ReportHistory, known_at: int) -> Json:
    """A report as known at a position at or after its filing."""
    content = history.content(known_at)
    if content is None:
        raise ValueError(f"the report {history.id!r} is not filed at position {known_at}")
    retraction = history.retraction if history.retracted(known_at) else None
    return {
        "id": history.id,
        "version": history.version(known_at),
        **_content(content),
        "credibility": history.grade(known_at).word,
        "filed": _when(history.filed),
        "retracted": None if retraction is None else {**_when(retraction), "reason": _reason(retraction)},
        "redacted": _redacted(
            history, {content.version: "", **({} if retraction is None else {retraction.version: "/retracted"})}
        ),
    }


def brief_json(history: ReportHistory, known_at: int) -> Json:
    """When it was and became known, about which places, by whom: what a list of very many is made of."""
    whole = report_json(history, known_at)
    retracted = whole["retracted"]
    return {
        **{name: whole[name] for name in ("id", "version", "window", "credibility", "filed")},
        "retracted": retracted and {name: retracted[name] for name in ("position", "recorded_at")},
        "sources": list(dict.fromkeys(each["source"] for each in whole["sources"])),
        "places": named(whole, Names.PLACE),
    }


def named(report: Json, what: Names) -> list[str]:
    """The ids of that noun that stand in a report's claims, each once, in the order in which they come."""
    found: dict[str, None] = {}
    for claim in report["claims"]:
        for field in _FIELDS[claim["kind"]].get(what, ()):
            value: Any = claim.get(field, ())
            found |= dict.fromkeys([value] if isinstance(value, str) else value)
    return list(found)


def _fields(kind: type[Claim], what: Names) -> tuple[str, ...]:
    return tuple(each.name.rstrip("_") for each in fields(kind) if each.metadata.get("names") is what)


_FIELDS = {name: {what: _fields(kind, what) for what in Names} for name, kind in KINDS.items()}


def history_json(history: ReportHistory, known_at: int) -> list[Json]:
    """Every event of a report up to a position."""
    found = [recorded for recorded in history.events if recorded.position <= known_at]
    return [_event(recorded) | {"redacted": _redacted(history, {recorded.version: ""})} for recorded in found]


def _event(recorded: Recorded) -> Json:
    event = recorded.event
    found: Json = {"type": NAMES[type(event)], "version": recorded.version, **_when(recorded)}
    if isinstance(event, ReportFiled | ReportCorrected):
        grade = event.report.credibility
        found |= _content(Content(event.report, recorded.version, recorded.position, recorded.recorded_at))
        found["credibility"] = None if grade is None else grade.word
    elif isinstance(event, ReportAssessed):
        found["credibility"] = event.credibility.word
    elif isinstance(event, ReportRedacted):
        found["erased"] = [erased_json(each) for each in event.erased]
    if not isinstance(event, ReportFiled):
        found["reason"] = _reason(recorded)
    return found


def _reason(recorded: Recorded) -> str:
    reason: Words = getattr(recorded.event, "reason")  # noqa: B009 - every event of a report but its filing has one
    return words_left(reason) or ""


def erased_json(erased: Erased) -> Json:
    """What is gone of the event of a version, by its JSON Pointers in the event's data."""
    return {"version": erased.version, "parts": list(erased.parts)}


def _redacted(history: ReportHistory, shown: Mapping[int, str]) -> list[Json]:
    """What is gone of the versions that are shown, each under a pointer, with each redaction that took some of it."""
    gone: dict[int, tuple[Recorded, list[str]]] = {}
    for version, under in shown.items():
        for part, redaction in history.erased(version).items():
            _, parts = gone.setdefault(redaction.position, (redaction, []))
            parts.append(under + part.removeprefix("/report"))
    return [{"parts": parts, **_when(redaction), "reason": _reason(redaction)} for redaction, parts in gone.values()]


def _when(recorded: Recorded) -> Json:
    return {"position": recorded.position, "recorded_at": text(recorded.recorded_at)}


def _content(content: Content) -> Json:
    report, recorded_at = content.report, content.recorded_at
    return {
        "text": words_left(report.text),
        "occurred": report.occurred.text,
        "window": _window(report.occurred, recorded_at),
        "sources": [_citation(each) for each in report.sources],
        "claims": [_claim(each, each.occurred or report.occurred, recorded_at) for each in report.claims],
    }


def _window(occurred: Occurred, recorded_at: int) -> Json:
    window = occurred.window(recorded_at)
    return {"earliest": text_or_none(window.earliest), "latest": text(window.latest)}


def _citation(citation: Citation) -> Json:
    published = citation.published and citation.published.text
    return _given(
        source=citation.source,
        citation=words_left(citation.citation),
        url=words_left(citation.url),
        published=published,
        origin=citation.origin,
    )


def _claim(claim: Claim, occurred: Occurred, recorded_at: int) -> Json:
    found: Json = {"kind": claim.kind}
    for each in fields(claim):
        value = getattr(claim, each.name)
        if value != each.default:  # what was left out stays out
            found[each.name.rstrip("_")] = _plain(value)
    return found | {"window": _window(occurred, recorded_at)}


def _plain(value: Any) -> Any:
    if isinstance(value, Figure):
        return _given(low=value.low, best=value.best, high=value.high)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Redacted):
        return words_left(value)
    return value.text if isinstance(value, Occurred) else value


def _given(**values: Any) -> Json:
    """What was given: without what is absent."""
    return {name: value for name, value in values.items() if value is not None}
