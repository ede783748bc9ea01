"""Taking the words of texts out of the index: of the index itself, and of what lies under it.

The index does not hold the texts, and an entry can be taken out of it only by its words. They are gone from the log by
then, so they are read from the index, which is searched through for that: it is in the order of words, not of texts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from projections.chronology.keeping import Cursor
from projections.folding import forget

_SIZES = "SELECT sz FROM chronology_words_docsize WHERE id = ?"
_WORDS = (
    "SELECT doc, col, term FROM chronology_vocabulary WHERE doc IN (SELECT value FROM json_each(?))"
    " ORDER BY doc, col, offset"
)
_TAKE_OUT = "INSERT INTO chronology_words (chronology_words, rowid, text, names) VALUES ('delete', ?, ?, ?)"
_PUT_BACK = "INSERT INTO chronology_words (rowid, text, names) VALUES (?, '', ?)"
_MERGE = "INSERT INTO chronology_words (chronology_words) VALUES ('optimize')"


def erase_words(cursor: Cursor, contents: Sequence[int]) -> None:
    """From here on these contents are found by the names of things alone, and no longer by the words of their texts."""
    forget()
    worded = sorted(content for content in contents if _has_text(cursor, content))
    if not worded:
        return
    found: dict[int, dict[str, list[str]]] = {content: {"text": [], "names": []} for content in worded}
    cursor.execute(_WORDS, (json.dumps(worded),))
    for content, column, word in cursor.fetchall():
        found[content][column].append(word)
    for content, words in found.items():
        names = " ".join(words["names"])
        cursor.execute(_TAKE_OUT, (content, " ".join(words["text"]), names))
        cursor.execute(_PUT_BACK, (content, names))
    cursor.execute(_MERGE)  # until then what was taken out is only marked as such


def _has_text(cursor: Cursor, content: int) -> bool:
    """By the sizes that FTS5 keeps: the first is how many words the text has. (One that was gone before has none.)"""
    cursor.execute(_SIZES, (content,))
    row = cursor.fetchone()
    return row is not None and row[0][:1] not in (b"", b"\0")
