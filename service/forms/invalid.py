"""What pydantic refuses of a form, as faults with their places in what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.faults import Wrong

_BAD_KIND = ("union_tag_invalid", "union_tag_not_found")


def fault(error: Mapping[str, Any], path: Sequence[str | int], form: Any) -> Wrong:
    """One error of pydantic; `path` is where it says it is in the form, and `form` what was sent."""
    detail = str(error["msg"])
    if error["type"] == "string_pattern_mismatch":
        detail = f"{detail} (an id is a-z, 0-9 and -; a text says something and holds no NUL)"
    return Wrong(detail, _place(error["type"], path, form))


def leads_on(value: Any, step: str | int) -> bool:
    """Whether a step of a path leads into a JSON value."""
    return isinstance(value, list) if isinstance(step, int) else isinstance(value, dict) and step in value


def _place(kind: str, steps: Sequence[str | int], form: Any) -> tuple[str | int, ...]:
    """Pydantic's own path, less the names of union members that it puts in between."""
    path: list[str | int] = []
    value = form
    for i, step in enumerate(steps):
        if isinstance(step, str) and path[:-1] == ["claims"] and list(steps[:i]) == path:
            continue  # the claim's kind
        if leads_on(value, step):
            value = value[step]
        elif kind != "missing" or i < len(steps) - 1:
            continue
        path.append(step)
    return (*path, "kind") if kind in _BAD_KIND else tuple(path)
