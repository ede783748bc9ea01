"""Answers as JSON text, kept beside what they are of: to write an answer takes longer than to find it."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from domain.control.chains.cells import Cell
from domain.place import Place
from domain.when.instant import text
from service.answers import Json, answer_json
from service.features import feature_of
from service.map import Map

_KEY = b'"last_confirmed":'


def answer_text(cell: Cell, at: int, times: Json) -> bytes:
    """The JSON object of an answer at an instant."""
    return b"{%b,%b" % (_answer(cell, text(at).encode()), _last(times))


def map_text(map: Map, times: Json) -> bytes:
    """The JSON object of a map."""
    instant = text(map.at).encode()
    answers = [b"{%b}" % _answer(cell, instant) for cell in map.cells]
    return b'{"places":[%b],%b' % (b",".join(answers), _last(times))


class FeatureTexts:
    """Answers as features of GeoJSON. What is written of places is kept: it never changes."""

    def __init__(self) -> None:
        self._starts: dict[str, bytes] = {}
        self._last: tuple[Mapping[str, Place], list[bytes]] = ({}, [])

    def map_text(self, map: Map, times: Json) -> bytes:
        """The FeatureCollection of a map."""
        instant = text(map.at).encode()
        parts = [b""] * (2 * len(map.cells))
        parts[::2] = self._all_starts(map.places)
        parts[1::2] = [cell.made or _answer(cell, instant) for cell in map.cells]
        start = b'{"type":"FeatureCollection","features":['
        if parts:
            parts[0] = start + parts[0].removeprefix(b"}},")
            parts += (b"}}],", _last(times))
        return b"".join(parts or (start, b"],", _last(times)))

    def _all_starts(self, places: Mapping[str, Place]) -> list[bytes]:
        if self._last[0] is not places:
            self._last = places, [self._starts.get(id) or self._start(place) for id, place in places.items()]
        return self._last[1]

    def _start(self, place: Place) -> bytes:
        """What stands between the answer about the place before and this one."""
        feature = orjson.dumps(feature_of(place, {})).removesuffix(b"}}")
        found = self._starts[place.id] = b"}},%b," % feature
        return found


def _answer(cell: Cell, instant: bytes) -> bytes:
    """An answer, all of it between its braces."""
    if cell.made is None and cell.part is None:
        _keep(cell)
    made: bytes | None = cell.made
    return cell.part[0] + instant + cell.part[1] if made is None else made


def _keep(cell: Cell) -> None:
    """What is kept of it. Where the instant that is asked about belongs in it, it is in two parts."""
    written = orjson.dumps(answer_json(cell.answer))[1:-1]
    if cell.confirmed:
        before, key, after = written.partition(_KEY)
        cell.part = before + key + b'"', b'"' + after[after.index(b",") :]
    else:
        cell.made = written


def _last(times: Json) -> bytes:
    """The times, as they stand last in an object."""
    return orjson.dumps(times)[1:]
