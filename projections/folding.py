"""Names as people type them: without case, accents, or the signs that transliterations put in or leave out."""

from __future__ import annotations

import unicodedata

_DROPPED = dict.fromkeys("'`´‘’ʻʼʽʾʿ")
_ONE_FOR_ANOTHER = {"-": " ", "_": " ", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"}
_SIGNS = str.maketrans({**_DROPPED, **_ONE_FOR_ANOTHER})


def fold(text: str) -> str:
    """The same for `Al-Arba'een`, `al arbaeen` and `AL ARBAʿEEN`."""
    bare = (sign for sign in unicodedata.normalize("NFKD", text.translate(_SIGNS)) if not unicodedata.combining(sign))
    return " ".join("".join(bare).casefold().split())
