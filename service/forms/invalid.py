"""What pydantic refuses of a form, as faults with their places in what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.faults import Wrong
from domain.slug import PATTERN
from service.forms.texts import SPOKEN, URL

_BAD_KIND = ("union_tag_invalid", "union_tag_not_found")


_WORDS = {
    "missing": "this field is required",
    "extra_forbidden": "there is no such field",
    "string_type": "this must be a text",
    "int_type": "this must be a whole number",
    "float_type": "this must be a number",
    "bool_type": "this must be true or false",
    "list_type": "this must be a list",
    "dict_type": "this must be an object",
    "model_type": "this must be an object",
    "model_attributes_type": "this must be an object",
    "union_tag_not_found": "a claim must say its kind",
}
_PATTERNS = {
    PATTERN: "an id is 1 to 64 of a-z, 0-9 and -",
    SPOKEN: "a text must say something, and hold no NUL",
    URL: "an address begins with http:// or https:// and holds no space",
}


def fault(error: Mapping[str, Any], path: Sequence[str | int], form: Any) -> Wrong:
    """One error of pydantic; `path` is where it says it is in the form, and `form` what was sent."""
    return Wrong(_detail(error), _place(error["type"], path, form))


def _detail(error: Mapping[str, Any]) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "string_pattern_mismatch":
            return _PATTERNS.get(context["pattern"], str(error["msg"]))
        case "union_tag_invalid":
            return f"{context['tag']!r} is no kind of claim: {context['expected_tags']}"
        case "literal_error" | "enum":
            return f"this must be one of: {context['expected']}"
        case "value_error":
            return str(context["error"])
        case "too_short":
            return f"this must have at least {context['min_length']}"
        case "too_long":
            return f"this can have at most {context['max_length']}"
        case kind:
            return _WORDS.get(kind, str(error["msg"]))


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
