"""Appends under way, and how whoever waits for them hears what became of them.

A batch comes to its end as one, and is told of as one: a loop that were woken by its first outcome would take Python's
lock from the appender before the second, and be woken again for that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from threading import Event, Lock

from domain.events import Recorded

Outcome = Recorded | Exception

_LOGGER = logging.getLogger(__name__)


class Promise:
    """An append under way. It is a `concurrent.futures.Future` without a lock of its own, which is dear to make."""

    __slots__ = ("_hearing", "_outcome")

    def __init__(self) -> None:
        self._outcome: Outcome | None = None
        self._hearing: tuple[Hear, ...] = ()

    def result(self, timeout: float | None = None) -> Recorded:
        """What was appended, or why it was not is raised; TimeoutError after so many seconds."""
        outcome = self.outcome(timeout)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def exception(self, timeout: float | None = None) -> Exception | None:
        """Why it was not appended; None where it was. Raises TimeoutError after so many seconds."""
        outcome = self.outcome(timeout)
        return outcome if isinstance(outcome, Exception) else None

    def tell(self, hear: Hear) -> None:
        """Have that hear of it once it is done, in one call with all else that it is to hear of then."""
        with _settling:
            if self._outcome is None:
                self._hearing = (*self._hearing, hear)
                return
        hear([self])

    def outcome(self, timeout: float | None = None) -> Outcome:
        """What was appended, or why it was not. Raises TimeoutError after so many seconds."""
        if self._outcome is None:
            done = Event()
            self.tell(lambda _: done.set())
            done.wait(timeout)
            if self._outcome is None:
                raise TimeoutError
        return self._outcome


Hear = Callable[[Sequence[Promise]], object]

_settling = Lock()


def settle(promises: Sequence[Promise], outcomes: Sequence[Outcome]) -> None:
    """End them together, each with its outcome; only then does anybody hear of any."""
    heard: dict[Hear, list[Promise]] = {}
    with _settling:
        for each, outcome in zip(promises, outcomes, strict=True):
            each._outcome = outcome
            for hear in each._hearing:
                heard.setdefault(hear, []).append(each)
            each._hearing = ()
    for hear, of in heard.items():
        try:
            hear(of)
        except Exception:  # it must not keep the others from hearing, nor end the appender
            _LOGGER.exception("whoever waited for an append could not be told of it")
