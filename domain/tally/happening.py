"""Happenings: the mentions that speak of the same one, united as they come."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from domain.alignments import Alignments
from domain.tally.bounds import Figures
from domain.tally.membership import Membership, share
from domain.tally.mention import Measure, Mention
from domain.tally.stretch import Stretch, stretch

ReportKey = tuple[int, int]
"""What reports go by before their ids: the latest and the earliest of the claim that brings them in."""


class Entry:
    """How many of a measure there were, of one force where it is casualties; figures for it are never added."""

    __slots__ = ("_forces", "figures", "measure", "of", "reports", "sides")

    def __init__(self, measure: Measure, of: str | None) -> None:
        self.measure = measure
        self.of = of
        self.figures = Figures()
        self.sides: set[str] = set()
        self.reports: dict[str, ReportKey] = {}
        self._forces: dict[tuple[str, int], None] = {}  # each with the latest of the claim that names it

    def take(self, mention: Mention, alignments: Alignments) -> None:
        latest = mention.window.latest
        self.sides |= alignments.sides(mention.forces, latest)
        self._forces.update(((force, latest), None) for force in mention.forces)
        bring(self.reports, mention.report, (latest, mention.window.earliest))

    def shown_under(self, by_side: bool) -> list[tuple[str | None, Membership]]:
        """The sides it is shown under, and how sure that is; a clash is one of every side that took part."""
        if not by_side:
            return [(None, Membership.SURE)]
        sure = self.measure is Measure.CLASHES or len(self.sides) < 2
        membership = Membership.SURE if sure else Membership.POSSIBLE
        return [(side, membership) for side in sorted(self.sides)] or [(None, membership)]

    def under(self, force: str | None, alignments: Alignments) -> Membership:
        """Whether it is of a force or those aligned under it; a clash is, wherever one of them took part."""
        if force is None:
            return Membership.SURE
        covered = sum(alignments.covers(force, each, latest) for each, latest in self._forces)
        return share(covered, covered if self.measure is Measure.CLASHES else len(self._forces))


class Happening:
    """What is said of one happening. `latest` is the greatest latest of its mentions."""

    __slots__ = ("_common", "_entries", "_hull", "event", "latest", "places")

    def __init__(self, event: str | None) -> None:
        self.event = event
        self.places: set[str] = set()
        self.latest: int | None = None
        self._entries: dict[tuple[Measure, str | None], Entry] = {}
        self._common: Stretch | None = None
        self._hull: Stretch | None = None

    def take(self, mention: Mention, alignments: Alignments) -> None:
        self._narrow(stretch(mention.window))
        self.latest = max(mention.window.latest, mention.window.latest if self.latest is None else self.latest)
        self.places.update(mention.places)
        for measure, figure in mention.figures:
            entry = self._entries.setdefault((measure, mention.of), Entry(measure, mention.of))
            entry.figures.add(figure, (mention.grade, -mention.position, mention.index))
            entry.take(mention, alignments)

    def _narrow(self, window: Stretch) -> None:
        if self._hull is None:
            self._hull = self._common = window
        else:
            self._hull = Stretch(min(self._hull.start, window.start), max(self._hull.until, window.until))
            self._common = self._common and self._common.common(window)

    @property
    def when(self) -> Stretch:
        """What its mentions' windows have in common, or else all that they span."""
        found = self._common or self._hull
        if found is None:
            raise ValueError("nothing is said of this happening")
        return found

    def entries(self, force: str | None, alignments: Alignments) -> list[tuple[Entry, Membership]]:
        """What it adds to a tally of a force (None: of all): not what stands under another of its figures already."""
        found = [(entry, entry.under(force, alignments)) for entry in self._entries.values()]
        found = [(entry, membership) for entry, membership in found if membership]
        said = {(entry.measure, entry.of) for entry, _ in found}
        return [each for each in found if not self._is_part(each[0], said, alignments)]

    def _is_part(self, entry: Entry, said: set[tuple[Measure, str | None]], alignments: Alignments) -> bool:
        """Whether there is a figure of a force that covers this one's: at one instant, so that no two stand under
        each other."""
        if entry.of is None or self.latest is None:
            return False
        above = alignments.chain(entry.of, self.latest)[1:]
        return any((entry.measure, force) in said for force in above)


def bring(reports: dict[str, ReportKey], report: str, key: ReportKey) -> None:
    """Add a report, by the first of the claims that bring it in."""
    reports[report] = min(key, reports.get(report, key))


class Happenings:
    """All that is mentioned: mentions with the same event speak of one happening, one without an event of its own."""

    def __init__(self) -> None:
        self._by_event: dict[str, list[Mention]] = {}
        self._single: list[Mention] = []

    def take(self, mention: Mention) -> None:
        if mention.event is None:
            self._single.append(mention)
        else:
            self._by_event.setdefault(mention.event, []).append(mention)

    def united(self, alignments: Alignments) -> Iterator[Happening | None]:
        """Each happening when its last mention is taken in, None before that: one can have very many."""
        for mentions in chain(self._by_event.values(), ([each] for each in self._single)):
            happening = Happening(mentions[0].event)
            for mention in mentions:
                happening.take(mention, alignments)
                yield None
            yield happening
