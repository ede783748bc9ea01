"""The library's subscription, with a poll behind what it hears."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Thread
from time import sleep

from eventsourcing.postgres import PostgresApplicationRecorder, PostgresSubscription

_POLL = 0.5  # seconds


class Subscription(PostgresSubscription):
    """It begins to listen in the background, and does not hear of what came before: so it also looks by itself."""

    def __init__(
        self, recorder: PostgresApplicationRecorder, gt: int | None = None, topics: Sequence[str] = ()
    ) -> None:
        super().__init__(recorder, gt, topics)
        Thread(target=self._poll, name="subscription", daemon=True).start()

    def _poll(self) -> None:
        while not self._has_been_stopped:
            self._has_been_notified.set()
            sleep(_POLL)
