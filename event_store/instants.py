"""The instants in an event's data: numbers inside, texts outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.faults import Fault

_WINDOW = {"text", "earliest", "latest"}
_NESTED = (dict, list)


def each_instant(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value with every instant in it changed: those of windows. An open end stays None.

    A Fault that `change` raises gets the place of the instant.
    """
    if isinstance(value, list):
        return [_step(each, i, change) if isinstance(each, _NESTED) else each for i, each in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if not value.keys() >= _WINDOW:
        return {  # identifiers are anybody's names, and hold no window
            name: _step(each, name, change) if isinstance(each, _NESTED) and name != "identifiers" else each
            for name, each in value.items()
        }
    changed = {name: _step_or_none(value[name], name, change) for name in ("earliest", "latest")}
    if isinstance(value.get("core"), list):
        changed["core"] = [_step_or_none(each, i, change, "core") for i, each in enumerate(value["core"])]
    return {**value, **changed}


def _step(value: Any, place: str | int, change: Callable[[Any], Any]) -> Any:
    try:
        return each_instant(value, change)
    except Fault as fault:
        raise fault.under(place) from None


def _step_or_none(value: Any, place: str | int, change: Callable[[Any], Any], *outer: str) -> Any:
    if value is None:
        return None
    try:
        return change(value)
    except Fault as fault:
        raise fault.under(*outer, place) from None
