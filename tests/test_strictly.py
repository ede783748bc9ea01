"""JSON is read strictly, however it is written; what is soon seen to be as it must be is read as the rest is."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.faults import Unreadable
from service.forms.strictly import read_strictly
from service.forms.texts import MAX_DEPTH

NAMES = st.sampled_from(["a", "b", '"', "\\", "\\u0022", "é", "{", "a"])


def written(value: Any, escaped: bool, spaced: bool) -> str:
    """Pairs as an object, of which names may stand twice; quotation marks in texts may be escapes."""
    comma, colon = (", ", ": ") if spaced else (",", ":")
    match value:
        case tuple():
            pairs = (f"{written(k, escaped, spaced)}{colon}{written(v, escaped, spaced)}" for k, v in value)
            return "{" + comma.join(pairs) + "}"
        case list():
            return "[" + comma.join(written(each, escaped, spaced) for each in value) + "]"
        case str():
            text = json.dumps(value, ensure_ascii=escaped)
            return '"' + text[1:-1].replace('\\"', "\\u0022") + '"' if escaped else text
        case _:
            return json.dumps(value)


def has_twice(value: Any) -> bool:
    if isinstance(value, tuple):
        names = [name for name, _ in value]
        return len(set(names)) < len(names) or any(has_twice(each) for _, each in value)
    return isinstance(value, list) and any(map(has_twice, value))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, width=32) | NAMES | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.lists(st.tuples(NAMES, inner), max_size=4).map(tuple),
    max_leaves=20,
)


@given(VALUES, st.booleans(), st.booleans())
@example((("a", 1), ("a", '"')), True, False)  # what is lost with a name, an escape would make up for
@example((("a", '""'), ("a", 1)), True, False)
@example((("a", 1), ("a", 1)), False, True)
def test_a_name_that_stands_twice_is_refused_wherever_it_stands_and_nothing_else(
    value: Any, escaped: bool, spaced: bool
) -> None:
    text = written(value, escaped, spaced).encode("utf-8", "surrogatepass")
    try:
        expected = orjson.loads(text)
    except orjson.JSONDecodeError:  # a lone surrogate
        with pytest.raises(orjson.JSONDecodeError):
            read_strictly(text)
        return
    if has_twice(value):
        with pytest.raises(Unreadable, match="twice"):
            read_strictly(text)
    else:
        assert read_strictly(text) == expected


@pytest.mark.parametrize(("inner", "pairs"), [("[{}]", "[]"), ('{{"a":{}}}', "{}")])
def test_what_is_nested_too_deep_is_refused_and_what_is_only_long_is_not(inner: str, pairs: str) -> None:
    deepest = pairs
    for _ in range(MAX_DEPTH - 1):
        deepest = inner.format(deepest)
    assert read_strictly(deepest.encode()) == orjson.loads(deepest)
    with pytest.raises(Unreadable, match="deeper"):
        read_strictly(inner.format(deepest).encode())
    long = f"[{','.join([pairs] * (5 * MAX_DEPTH))}]"
    assert read_strictly(long.encode()) == orjson.loads(long)
