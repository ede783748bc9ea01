"""Names and words as people type them: whatever the case, the accents and the way of transliterating Arabic.

`fold` keeps a name as one text and drops what transliterations put in or leave out; `words` goes further, word by word,
so that Hama and Hamah, Homs and Hims, al-Suqaylabiyah and Suqailabiya are the same. docs/api.md tells what is folded.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DROPPED = dict.fromkeys("'`´‘’ʻʼʽʾʿˈ′ـ")  # the last is the tatweel, which only makes a word longer
_ONE_FOR_ANOTHER = {"-": " ", "_": " ", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"}
_SIGNS = str.maketrans({**_DROPPED, **_ONE_FOR_ANOTHER})
_MORE_SIGNS = str.maketrans({**_DROPPED, "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ء": None})

_POSSESSIVE = re.compile(r"(?<=\w)['’ʼ]s\b")
_ARTICLE = re.compile(r"(?:(?<=\s)|^)(?:[ae](?:l|s|sh|r|n|t|th|d|dh|z)[-‐‑–]|[ae]l\s+)(?=\w)")
_ARTICLES = frozenset({"al", "el"})
_SPACE = re.compile(r"\s")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_LATIN = re.compile(r"[a-z]+")

_LONG = 5
"""Vowels are folded in words that have so many letters then: shoot, shot and shut, or men and min, are left apart."""

_LONGEST_PIECE = 50
_PIECES_KEPT = 50_000

_SPELLED = {"hims": "homs"}
"""Names whose common spellings no rule brings together but one that would take half of English with it."""


def fold(text: str) -> str:
    """The same for `Al-Arba'een`, `al arbaeen` and `AL ARBAʿEEN`."""
    bare = (sign for sign in unicodedata.normalize("NFKD", text.translate(_SIGNS)) if not unicodedata.combining(sign))
    return " ".join("".join(bare).casefold().split())


def words(text: str) -> list[str]:
    """The words of a text, each folded as far as search goes. They are made of letters, digits and their marks only."""
    return spaced(text).split()


def spaced(text: str) -> str:
    """The same in one text, a space between.

    What stands between two spaces is folded by itself, and most of it was met before: only an article that stands
    alone goes with what follows.
    """
    found = list(map(_PIECES.__getitem__, text.split()))
    if None in found:
        return " ".join(map(_word, _plain_words(text)))
    return " ".join(filter(None, found))


def forget() -> None:
    """Let go of every word that was folded before."""
    _word.cache_clear()
    _PIECES.clear()


class _Pieces(dict[str, str | None]):
    """By what stands between two spaces: its words, a space between; None where what stands beside it may matter.

    Only so many are kept, and of those that are no longer than words are.
    """

    def __missing__(self, text: str) -> str | None:
        bare = _bare(text)
        alone = bare not in _ARTICLES and not _SPACE.search(bare)
        found = " ".join(map(_word, _plain_words(text))) if alone else None
        if len(text) <= _LONGEST_PIECE:
            if len(self) >= _PIECES_KEPT:
                self.clear()
            self[text] = found
        return found


_PIECES = _Pieces()


def beginnings(text: str) -> list[str]:
    """What words that begin as the last word of a text does may begin with, once folded; none for a text of no word.

    How far a word is folded depends on its length and its end, and of a beginning neither is known.
    """
    *_, last = _plain_words(text) or [""]
    folds = (_word, _short, _long) if _LATIN.fullmatch(last) else (_word,)
    return list(dict.fromkeys(found for fold in folds if (found := fold(last))))


def _plain_words(text: str) -> list[str]:
    """Without case, accents, apostrophes and articles."""
    text = _ARTICLE.sub("", _bare(text))
    if text.isascii():
        return _ASCII_WORD.findall(text)
    return "".join(sign if _belongs(sign) else " " for sign in text).split()


def _bare(text: str) -> str:
    """Without case, accents and apostrophes."""
    text = _POSSESSIVE.sub("", text.casefold()).translate(_MORE_SIGNS)
    if text.isascii():
        return text
    bare = unicodedata.normalize("NFKD", text).casefold().translate(_MORE_SIGNS)  # a sign may stand for capitals
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def _belongs(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign)[0] == "M"


@lru_cache(maxsize=100_000)
def _word(word: str) -> str:
    """A whole word of a text."""
    if not _LATIN.fullmatch(word):
        return word
    word = _without_end(word)
    long = _long(word)
    return long if len(long) >= _LONG else _short(word)


def _without_end(word: str) -> str:
    """One way to write the ending that Arabic writes with a ta marbuta: Hama, Hamah; Salamiya, Salamiyeh, Salamieh."""
    word = re.sub(r"(?<=\w\w\w[iy])e$", "a", word)
    return re.sub(r"(?<=\w\w)[ae]h$", "a", word)


def _short(word: str) -> str:
    """What is folded in every word: q, letters doubled, and the diphthongs of Deir and Dayr."""
    word = re.sub(r"(?<=[ae])(?:y|i)(?![iy])", "i", word.replace("q", "k"))
    word = re.sub(r"(?<!^)ei", "ai", word)
    word = re.sub(r"([^eo])\1+", r"\1", word)
    return _SPELLED.get(word, word)


def _long(word: str) -> str:
    """Vowels too: ou, oo, u and o; ee, i, e, and y but before a vowel at the start."""
    word = re.sub(r"ou|oo|o", "u", _short(word))
    word = re.sub(r"(?<!^)y", "i", word)
    return re.sub(r"[ei]+", "i", word)
