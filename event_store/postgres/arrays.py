"""Columns of many rows on their way to the server, each an array in PostgreSQL's binary form.

psycopg writes lists too, but looks at each element several times, to find out what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from struct import Struct, pack
from typing import Any, ClassVar

from psycopg import Connection, DataError
from psycopg.adapt import Dumper
from psycopg.pq import Format

_HEAD = Struct(
    ">iiIii"
)  # dimensions, whether there is a null, the elements' type; how many there are, the first's number
_EMPTY = Struct(">iiI")
_SIZE = Struct(">i").pack


class Int2s(list[int]): ...


class Int8s(list[int]): ...


class Texts(list[str]): ...


class Byteas(list[bytes]): ...


class _Array(Dumper):
    format = Format.BINARY
    element: ClassVar[int]
    """The oid of the elements' type; `oid` is that of the array."""

    def dump(self, obj: Sequence[Any]) -> bytes:
        if not obj:
            return _EMPTY.pack(0, 0, self.element)
        return _HEAD.pack(1, 0, self.element, len(obj), 1) + self._elements(obj)

    def _elements(self, obj: Sequence[Any]) -> bytes:
        raise NotImplementedError


class _Int2s(_Array):
    oid, element = 1005, 21

    def _elements(self, obj: Sequence[int]) -> bytes:
        return pack(">" + "ih" * len(obj), *chain.from_iterable(zip(repeat(2), obj)))


class _Int8s(_Array):
    oid, element = 1016, 20

    def _elements(self, obj: Sequence[int]) -> bytes:
        return pack(">" + "iq" * len(obj), *chain.from_iterable(zip(repeat(8), obj)))


class _Byteas(_Array):
    oid, element = 1001, 17

    def _elements(self, obj: Sequence[bytes]) -> bytes:
        return b"".join([_SIZE(len(each)) + each for each in obj])


class _Texts(_Array):
    oid, element = 1009, 25

    def _elements(self, obj: Sequence[str]) -> bytes:
        """Raises DataError for what PostgreSQL has no text for."""
        if "\x00" in "".join(obj):
            raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
        encoded = [each.encode() for each in obj]
        return b"".join([_SIZE(len(each)) + each for each in encoded])


def register(connection: Connection[Any]) -> None:
    for kind, dumper in ((Int2s, _Int2s), (Int8s, _Int8s), (Texts, _Texts), (Byteas, _Byteas)):
        connection.adapters.register_dumper(kind, dumper)


def columns(rows: Iterable[Sequence[Any]], *kinds: type[list[Any]]) -> list[list[Any]]:
    """The columns of rows, each as that kind of array."""
    return [kind(column) for kind, column in zip(kinds, zip(*rows, strict=True), strict=True)]
