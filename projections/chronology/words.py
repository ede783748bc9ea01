"""What `q` asks for: words, `"words in a row"` and `beginnings*`, all of which must occur."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.faults import Wrong
from projections.folding import beginnings, words

LONGEST = 200

_ARTICLES = {'"al"', '"el"'}
"""Before a name they are left out, in texts as in what is asked for."""

_UNIT = re.compile(r'"([^"]*)(?:"|$)|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Query:
    """An expression of FTS5. It is written here, of quoted words alone: nothing that anybody types is syntax."""

    match: str


def query(q: str) -> Query:
    """Read `q`. Raises Wrong for one that is too long or has no word in it."""
    if len(q) > LONGEST:
        raise Wrong(f"q is at most {LONGEST} characters")
    units = [unit for phrase, word in _UNIT.findall(q) if (unit := _unit(phrase, word))]
    if not units:
        raise Wrong(f"there is no word in {q!r}")
    return Query(" AND ".join([unit for unit in units if unit not in _ARTICLES] or units))


def _unit(phrase: str, word: str) -> str:
    """A phrase, or a word, which is several in a row where it is joined by hyphens; empty where it has no word."""
    if word.endswith("*"):
        return _beginning(word)
    found = words(phrase or word)
    return _quoted(found) if found else ""


def _beginning(word: str) -> str:
    before, last = words(word)[:-1], beginnings(word)
    if not last:
        return ""
    return f"({' OR '.join(f'{_quoted([*before, each])} *' for each in last)})"


def _quoted(found: list[str]) -> str:
    return f'"{" ".join(found)}"'  # words are of letters and digits alone
