"""What `q` asks for: words, `"words in a row"` and `beginnings*`, all of which must occur."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.faults import Wrong
from projections.folding import beginnings, words

LONGEST = 200

_UNIT = re.compile(r'"([^"]*)(?:"|$)|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words in a row, of letters, digits and their marks alone.

    Where it `begins`, the last is a beginning.
    """

    words: tuple[str, ...]
    begins: bool = False


_ARTICLES = [(Phrase(("al",)),), (Phrase(("el",)),)]
"""Before a name they are left out, in texts as in what is asked for."""


@dataclass(frozen=True, slots=True)
class Query:
    """Units, each of one phrase or of several of which one is enough. All of them must occur."""

    units: tuple[tuple[Phrase, ...], ...]


def query(q: str) -> Query:
    """Read `q`. Raises Wrong for one that is too long or has no word in it."""
    if len(q) > LONGEST:
        raise Wrong(f"q is at most {LONGEST} characters")
    units = [unit for phrase, word in _UNIT.findall(q) if (unit := _unit(phrase, word))]
    if not units:
        raise Wrong(f"there is no word in {q!r}")
    return Query(tuple([unit for unit in units if unit not in _ARTICLES] or units))


def _unit(phrase: str, word: str) -> tuple[Phrase, ...]:
    """A phrase, or a word, which is several in a row where it is joined by hyphens; empty where it has no word."""
    if word.endswith("*"):
        return _beginning(word)
    found = words(phrase or word)
    return (Phrase(tuple(found)),) if found else ()


def _beginning(word: str) -> tuple[Phrase, ...]:
    before = words(word)[:-1]
    return tuple(Phrase((*before, each), begins=True) for each in beginnings(word))
