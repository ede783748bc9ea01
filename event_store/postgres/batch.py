"""Drafts on their way into the log together, over as many attempts as it takes."""

from __future__ import annotations

from collections.abc import Sequence

from domain.events import Recorded, ReportRedacted
from event_store.codec import NAMES
from event_store.draft import Draft
from event_store.entry import Entry
from event_store.faults import Taken
from event_store.growth import Leaf
from event_store.postgres.arrays import Int8s, Texts
from event_store.promise import Outcome
from event_store.redactions import Redactions


class Batch:
    """Each draft has its salt: by it, a row is known again whose commit was not answered.

    `outcomes`, `entries`, `leaves` and `redactions` are those of the newest attempt; none before the first.
    """

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self.drafts = drafts
        self.outcomes: list[Outcome] = []
        self.entries: list[Entry] = []
        self.leaves: list[Leaf] = []
        self.redactions = Redactions()

    @property
    def versions(self) -> tuple[Texts, Int8s]:
        """The streams, and the versions of them, that are wanted."""
        return Texts(draft.stream for draft in self.drafts), Int8s(draft.version for draft in self.drafts)

    @property
    def unless(self) -> tuple[list[str], int]:
        """The names of the events that would refuse a draft, and the position that they are looked for after."""
        found = [draft.unless for draft in self.drafts if draft.unless is not None]
        return [NAMES[each.kind] for each in found], min((each.after for each in found), default=0)

    def attempt(
        self,
        position: int,
        recorded_at: int,
        taken: set[tuple[str, int]],
        newest: dict[str, int],
        redactions: Redactions,
    ) -> None:
        """Give each draft a position behind that one, or refuse it alone.

        `taken` are the versions that there are already, `newest` the newest position of the events of a name,
        `redactions` know what is there to redact.
        """
        recorded_at = max(recorded_at, *(draft.not_before for draft in self.drafts))
        self.outcomes, self.leaves, self.entries, self.redactions = [], [], [], redactions
        redacts = any(isinstance(draft.event, ReportRedacted) for draft in self.drafts)
        for draft in self.drafts:
            refusal = _refusal(draft, taken, newest) or (_unerasable(draft, redactions) if redacts else None)
            if refusal is not None:
                self.outcomes.append(refusal)
                continue
            position += 1
            taken.add((draft.stream, draft.version))
            newest[draft.name] = position
            self.entries.append(Entry(position, recorded_at, *draft[1:6]))
            if redacts:
                redactions.add(self.entries[-1])
            self.leaves.append(draft.leaf(position, recorded_at))
            self.outcomes.append(Recorded(position, recorded_at, draft.stream, draft.version, draft.event, draft.salt))
        if redacts:
            self.entries = [redactions.left_of(entry) for entry in self.entries]


def _unerasable(draft: Draft, redactions: Redactions) -> ValueError | None:
    """Why it can't erase what it names; where it can, it has."""
    try:
        redactions.erase(draft.event)
    except ValueError as error:
        return error
    return None


def _refusal(draft: Draft, taken: set[tuple[str, int]], newest: dict[str, int]) -> Taken | None:
    if draft.unless is not None and newest.get(NAMES[draft.unless.kind], 0) > draft.unless.after:
        return Taken(f"{draft.stream} was appended to on a view of the log that is out of date")
    if (draft.stream, draft.version) in taken:
        return Taken(f"{draft.stream} has a version {draft.version} already")
    return None
