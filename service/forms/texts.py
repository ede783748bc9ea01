"""The texts, ids and limits that forms are made of."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from domain.slug import PATTERN

MAX_BODY = 1_048_576  # bytes
MAX_DEPTH = 32  # of objects and lists in each other; no form has more than five
MAX_TEXT = 20_000  # characters
MAX_LINE = 500
MAX_OCCURRED = 200
MAX_CLAIMS = 200
MAX_LIST = 200
MAX_COUNT = 1_000_000_000

SPOKEN = r"^[^\x00]*[^\s\x00][^\x00]*$"
"""Says something, and holds no NUL."""
URL = r"^https?://[^\s\x00]+$"

Slug = Annotated[str, StringConstraints(pattern=PATTERN)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=MAX_LINE, pattern=SPOKEN)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT, pattern=SPOKEN)]
Written = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_OCCURRED),
    Field(description="A window of time, as control.md §2 writes it", examples=["2024-12-04 night"]),
]
Url = Annotated[str, StringConstraints(max_length=2000, pattern=URL)]

Slugs = Annotated[list[Slug], Field(max_length=MAX_LIST)]
SomeSlugs = Annotated[list[Slug], Field(min_length=1, max_length=MAX_LIST)]
Lines = Annotated[list[Line], Field(max_length=MAX_LIST)]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _one_or_more(item: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [item, {"type": "array", "items": item, "maxItems": MAX_LIST}]}


OneOrMoreSlugs = Annotated[
    Slugs, BeforeValidator(_listed), WithJsonSchema(_one_or_more({"type": "string", "pattern": PATTERN}))
]
OneOrMoreLines = Annotated[
    Lines,
    BeforeValidator(_listed),
    WithJsonSchema(_one_or_more({"type": "string", "minLength": 1, "maxLength": MAX_LINE, "pattern": SPOKEN})),
]


class Form(BaseModel):
    """A body or a part of one: types are taken as they are, and an unknown field is refused, not dropped."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
