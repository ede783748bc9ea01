"""A leaf is canonical JSON, whichever way it is written."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from event_store.leaf import _canonical, _is_plain

NAMES = st.one_of(st.text(max_size=3), st.text("abcé\U0001f600\ue000", max_size=3))
NUMBERS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.floats(-1e6, 1e6))
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=5))
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, JSON, max_size=4))
def test_what_is_plain_is_written_by_orjson_as_canonical_json_is(value: dict[str, Any]) -> None:
    if _is_plain(value):
        assert orjson.dumps(value, option=orjson.OPT_SORT_KEYS) == orjson.dumps(_canonical(value))


def test_a_fraction_or_a_name_beyond_ascii_is_not_plain_however_deep() -> None:
    assert _is_plain({"a": [{"b": 1}, "é", None]})
    assert not _is_plain({"a": [{"b": 1.5}]})
    assert not _is_plain({"a": [{"é": 1}]})
