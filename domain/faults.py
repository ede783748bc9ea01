"""What can be wrong with a request: a small closed set of categories that the service maps to statuses."""

from __future__ import annotations


class Fault(Exception):
    """A refusal that names the fault and its place.

    `pointer` is the path to the faulty part of the input (keys and indexes), empty for the whole of it.
    """

    def __init__(self, detail: str, pointer: tuple[str | int, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer

    def under(self, *outer: str | int) -> Fault:
        """The same fault, seen from further out."""
        self.pointer = (*outer, *self.pointer)
        return self


class Unreadable(Fault):
    """A text that can't be read; `position` is 0-based, of the first character that can't be."""

    def __init__(self, detail: str, position: int, pointer: tuple[str | int, ...] = ()) -> None:
        super().__init__(detail, pointer)
        self.position = position


class Wrong(Fault):
    """Well-formed but wrong: an unknown reference, a window that is open at both ends."""


class Missing(Fault):
    """There is no such thing, or not yet."""


class Conflict(Fault):
    """At odds with what the log already holds."""


class Stale(Fault):
    """The caller's version is not the newest."""


class Several(Fault):
    """Several faults of one request, all of them worth telling at once."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(fault.detail for fault in faults))
        self.faults = faults
