"""Events as JSON, under names that are data and never Python paths (docs/events.md lists them)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import orjson
from cattrs import Converter
from cattrs.errors import ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from domain.claims import KINDS, Claim
from domain.credibility import Credibility
from domain.events import (
    Event,
    ForceAligned,
    ForceRegistered,
    PlaceRegistered,
    ReportAssessed,
    ReportCorrected,
    ReportFiled,
    ReportRedacted,
    ReportRetracted,
    SourceRegistered,
)
from domain.faults import Fault
from domain.place import Place
from domain.redacted import Redacted, Words
from domain.shape import Shape, ShapeKind
from domain.when.instant import BEGINNING, END
from domain.when.window import Occurred
from event_store.parts import REDACTED
from event_store.raising import newest

T = TypeVar("T")

NAMES: dict[type[Event], str] = {
    PlaceRegistered: "place-registered.v1",
    ForceRegistered: "force-registered.v1",
    ForceAligned: "force-aligned.v1",
    SourceRegistered: "source-registered.v1",
    ReportFiled: "report-filed.v1",
    ReportCorrected: "report-corrected.v1",
    ReportAssessed: "report-assessed.v1",
    ReportRetracted: "report-retracted.v1",
    ReportRedacted: "report-redacted.v1",
}
_KINDS = {name: kind for kind, name in NAMES.items()}


def encode(event: Event) -> tuple[str, bytes]:
    """The event's name and its data."""
    return NAMES[type(event)], orjson.dumps(values_of(event))


def values_of(event: Event) -> dict[str, Any]:
    """What JSON its data is: objects and lists that are nobody else's."""
    values: dict[str, Any] = _converter.unstructure(event)
    return values


def decode(name: str, data: bytes) -> Event:
    """The event again. Raises ValueError for one that can't be read."""
    try:
        name, values = newest(name, orjson.loads(data))
        if name not in _KINDS:
            raise ValueError(f"no event is called {name!r}")
        event: Event = _converter.structure(values, _KINDS[name])
        return event
    except (KeyError, TypeError, AttributeError, ForbiddenExtraKeysError, Fault) as error:
        raise ValueError(f"the data of {name!r} does not fit: {error!r}") from error


def _occurred_out(occurred: Occurred) -> dict[str, Any]:
    """Instants as integers, read once and for all: a zone's rules may change, what was filed does not."""
    earliest = None if occurred.earliest == BEGINNING else occurred.earliest
    found: dict[str, Any] = {"text": occurred.text, "earliest": earliest, "latest": occurred.latest}
    if occurred.core is not None:
        start, end = occurred.core
        found["core"] = [None if start == BEGINNING else start, end]
    return found


def _occurred_in(data: dict[str, Any], _: type) -> Occurred:
    if more := data.keys() - {"text", "earliest", "latest", "core"}:
        raise ValueError(f"a window has no {', '.join(sorted(more))}")
    core = data.get("core")
    if core is not None:
        start, end = core
        core = (_start_in(start), _end_in(end))
    return Occurred(_text(data["text"], str), _start_in(data["earliest"]), _end_in(data["latest"]), core)


def _start_in(instant: Any) -> int:
    return BEGINNING if instant is None else _instant(instant)


def _end_in(instant: Any) -> int | None:
    return None if instant is None else _instant(instant)


def _instant(value: Any) -> int:
    instant = _whole(value, int)
    if not BEGINNING <= instant <= END:
        raise ValueError(f"{instant} is beyond all instants")
    return instant


def _exactly(kind: type[T]) -> Callable[[Any, type], T]:
    """Takes a value of that type as it is, or as the enum that is wanted. Raises ValueError for any other."""

    def read(value: Any, wanted: type) -> T:
        if type(value) is not kind:
            raise ValueError(f"{value!r} is no {kind.__name__}")
        found: T = value if wanted is kind else wanted(value)
        return found

    return read


_text, _whole = _exactly(str), _exactly(int)


_GRADES = {grade: grade.word for grade in Credibility}


def _is_plain(kind: Any) -> bool:
    """Whether orjson writes a value of the type as it stands: then it need not be changed, nor looked at."""
    if isinstance(kind, type):
        return issubclass(kind, str | int | float | None) and kind is not Credibility
    return get_origin(kind) in (tuple, Union, UnionType) and all(map(_is_plain, set(get_args(kind)) - {...}))


def _is_run(kind: Any) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[1:] == (...,)


def _run_out(converter: Converter, kind: Any) -> Callable[[tuple[Any, ...]], list[Any]]:
    out = converter.get_unstructure_hook(kind)
    return lambda run: [out(each) for each in run]


def _words_out(words: Words | None) -> Any:
    return {REDACTED: words.digest} if isinstance(words, Redacted) else words


def _words_in(value: Any, _: Any) -> Words:
    if not isinstance(value, dict):
        return _text(value, str)
    if value.keys() != {REDACTED}:
        raise ValueError("what stands in the place of words is no digest")
    return Redacted(_text(value[REDACTED], str))


def _words_or_none_in(value: Any, _: Any) -> Words | None:
    return None if value is None else _words_in(value, Words)


def _shape_out(shape: Shape) -> dict[str, Any]:
    """As GeoJSON."""
    return {"type": shape.kind.value, "coordinates": shape.coordinates}


def _shape_in(data: dict[str, Any], _: type) -> Shape:
    if more := data.keys() - {"type", "coordinates"}:
        raise ValueError(f"a shape has no {', '.join(sorted(more))}")
    return Shape.of(ShapeKind(data["type"]), data["coordinates"])


def _claims_out(converter: Converter) -> Callable[[Claim], dict[str, Any]]:
    fields_out = {kind: converter.get_unstructure_hook(kind) for kind in KINDS.values()}
    return lambda claim: {"kind": claim.kind, **fields_out[type(claim)](claim)}


def _claim_in(data: dict[str, Any], _: type) -> Claim:
    kind = KINDS[data["kind"]]
    claim: Claim = _converter.structure({name: value for name, value in data.items() if name != "kind"}, kind)
    return claim


def _overrides(kind: type) -> dict[str, Any]:
    """A field named with `_` for want of Python's word is written without it; identifiers are an object."""
    found = {each.name: override(rename=each.name.rstrip("_")) for each in fields(kind) if each.name.endswith("_")}
    if kind is Place:
        found["identifiers"] = override(unstruct_hook=dict, struct_hook=lambda value, _: tuple(value.items()))
    return found


def _build() -> Converter:
    converter = Converter(omit_if_default=True, forbid_extra_keys=True, detailed_validation=False)
    converter.register_unstructure_hook_factory(
        is_dataclass,
        lambda kind: make_dict_unstructure_fn(kind, converter, _cattrs_omit_if_default=True, **_overrides(kind)),
    )
    converter.register_structure_hook_factory(
        is_dataclass,
        lambda kind: make_dict_structure_fn(
            kind, converter, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=False, **_overrides(kind)
        ),
    )
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook(int, _whole)
    converter.register_unstructure_hook(Credibility, _GRADES.__getitem__)
    converter.register_structure_hook(Credibility, lambda word, _: Credibility.of(word))
    converter.register_unstructure_hook(Occurred, _occurred_out)
    converter.register_structure_hook(Occurred, _occurred_in)
    converter.register_unstructure_hook_factory(_is_run, lambda kind: _run_out(converter, get_args(kind)[0]))
    converter.register_unstructure_hook_func(_is_plain, lambda value: value)
    converter.register_unstructure_hook_func(lambda kind: kind in (Words, Words | None), _words_out)
    converter.register_structure_hook_func(lambda kind: kind == Words, _words_in)
    converter.register_structure_hook_func(lambda kind: kind == Words | None, _words_or_none_in)
    converter.register_unstructure_hook(Shape, _shape_out)
    converter.register_structure_hook(Shape, _shape_in)
    converter.register_unstructure_hook_factory(lambda kind: kind is Claim, lambda _: _claims_out(converter))
    converter.register_structure_hook_func(lambda kind: kind is Claim, _claim_in)
    return converter


_converter = _build()
