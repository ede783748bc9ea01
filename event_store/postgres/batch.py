"""Drafts on their way into the log together, over as many attempts as it takes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from domain.events import Recorded
from event_store.appender import Draft, Outcome
from event_store.codec import NAMES
from event_store.entry import Entry
from event_store.faults import Taken
from event_store.leaf import SALT_SIZE


class Batch:
    """Each draft keeps its salt: by it, a row is known again whose commit was not answered.

    `outcomes` and `entries` are those of the newest attempt; none before the first.
    """

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self.drafts = drafts
        self.outcomes: list[Outcome] = []
        self.entries: list[Entry] = []
        self._salts = [secrets.token_bytes(SALT_SIZE) for _ in drafts]

    @property
    def versions(self) -> tuple[list[str], list[int]]:
        """The streams, and the versions of them, that are wanted."""
        return [draft.stream for draft in self.drafts], [draft.version for draft in self.drafts]

    @property
    def unless(self) -> tuple[list[str], int]:
        """The names of the events that would refuse a draft, and the position that they are looked for after."""
        found = [draft.unless for draft in self.drafts if draft.unless is not None]
        return [NAMES[each.kind] for each in found], min((each.after for each in found), default=0)

    def attempt(self, position: int, recorded_at: int, taken: set[tuple[str, int]], newest: dict[str, int]) -> None:
        """Give each draft a position behind that one, or refuse it alone.

        `taken` are the versions that there are already, `newest` the newest position of the events of a name.
        """
        recorded_at = max(recorded_at, *(draft.not_before for draft in self.drafts))
        self.outcomes, self.entries = [], []
        for draft, salt in zip(self.drafts, self._salts, strict=True):
            refusal = _refusal(draft, taken, newest)
            if refusal is not None:
                self.outcomes.append(refusal)
                continue
            position += 1
            taken.add((draft.stream, draft.version))
            newest[draft.name] = position
            self.entries.append(Entry(position, recorded_at, draft.stream, draft.version, draft.name, draft.data, salt))
            self.outcomes.append(Recorded(position, recorded_at, draft.stream, draft.version, draft.event, salt))


def _refusal(draft: Draft, taken: set[tuple[str, int]], newest: dict[str, int]) -> Taken | None:
    if draft.unless is not None and newest.get(NAMES[draft.unless.kind], 0) > draft.unless.after:
        return Taken(f"{draft.stream} was appended to on a view of the log that is out of date")
    if (draft.stream, draft.version) in taken:
        return Taken(f"{draft.stream} has a version {draft.version} already")
    return None
