"""What can go wrong with a store and its log."""

from __future__ import annotations


class StoreFault(Exception):
    """Anything below; its message is one line that a person can act on."""


class CannotOpen(StoreFault):
    """The store is no chronology, is a newer one, or can't be opened or written."""


class Unavailable(StoreFault):
    """The store does not answer now; what was asked of it may or may not have happened."""


class Lost(Unavailable):
    """The connection to the store was lost, or none could be made; another may do."""


class Corrupt(StoreFault):
    """The store's own file is damaged: what it would answer can't be trusted."""


class Damaged(StoreFault):
    """An event that can't be read, or that is not where it must be. `position` is its place in the log."""

    def __init__(self, position: int, detail: str) -> None:
        super().__init__(f"event at position {position}: {detail}")
        self.position = position


class Misplaced(StoreFault):
    """An event that can't be restored: it does not follow on what the log holds. `position` is where it says it is."""

    def __init__(self, position: int, detail: str) -> None:
        super().__init__(f"event at position {position}: {detail}")
        self.position = position
        self.detail = detail


class Taken(Exception):
    """An append that was refused, alone: its stream has that version already, or its condition no longer holds."""
