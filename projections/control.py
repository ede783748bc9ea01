"""Who held what: answers at any valid time, as known at any knowledge time, under any policy, in memory."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial

from domain.alignments import Alignment, Alignments, alignment
from domain.control.answer import JoinsBy
from domain.control.chains.chain import NEWEST
from domain.control.chains.inquiry import ChainInquiry
from domain.control.chains.ledger import Ledger
from domain.control.chains.relations import Relations
from domain.control.chains.remembering import RememberingInquiry
from domain.control.chains.spans import Span, spans
from domain.control.inquiry import Inquiry
from domain.control.knowledge import Account
from domain.events import OF_REPORTS, ForceAligned, PlaceRegistered, Recorded, SourceRegistered
from domain.place import Place
from domain.policy import Policy
from domain.settlements import Settlements
from domain.when.instant import BEGINNING, END
from projections.fingerprint import fingerprint
from projections.ledgers import Ledgers, Mark, Policies
from projections.outline import Line
from projections.retelling import retold
from projections.tellings import Tellings
from projections.told import Told

_INQUIRIES = 64
"""How many pairs of a knowledge time and a policy are kept."""


class ControlProjection:
    """Answers by control.md, from the tellings and from what it follows itself: what is registered.

    Positions are of the log. Whoever feeds it MUST feed the tellings first.
    """

    def __init__(self, tellings: Tellings) -> None:
        self._tellings = tellings
        self._settlements = Settlements()
        self._registered: list[int] = []  # where each of the places stands
        self._alignments: list[Alignment] = []
        self.realigned: list[int] = []
        """Where each of the alignments became known, in order."""
        self._affiliations: dict[str, str] = {}
        self.inquire = lru_cache(maxsize=_INQUIRIES)(self.inquire_once)
        self._settlements_upto = lru_cache(maxsize=8)(self._settlements.upto)
        self._relations_of = lru_cache(maxsize=8)(self._build_relations)
        self._ordered = lru_cache(maxsize=8)(self._order)
        self._policies = Policies(self)

    def apply(self, recorded: Recorded) -> None:
        """Take in what is registered; of reports, the tellings know."""
        match recorded.event:
            case PlaceRegistered(place):
                self._settlements.add(place)
                self._registered.append(recorded.position)
            case SourceRegistered(source):
                if source.affiliation is not None:
                    self._affiliations[source.id] = source.affiliation
            case ForceAligned() as aligned:
                self._alignments.append(alignment(aligned, recorded.recorded_at))
                self.realigned.append(recorded.position)
            case _:
                pass

    def inquire_once(self, known_at: int, policy: Policy) -> RememberingInquiry:
        """Ask as known at a position, under a policy. (What was recorded up to a position never changes.)

        `inquire` does the same and keeps the pairs that were asked for last.
        """
        return RememberingInquiry(Known(self, known_at), self._policies.ledgers(policy))

    def lay_out(self, policy: Policy) -> Iterator[None]:
        """Work the newest answers about all places out ahead, as far as there is room to keep them: nobody waits then.

        A step at a time: others can be let in between, also whoever feeds this.
        """
        ledgers = self._policies.ledgers(policy)
        for place in list(self._settlements.places):
            noted = ledgers.to_lay_out(place)
            if noted and ledgers.has_room:
                for id in ledgers.bearing(place):
                    yield from ledgers.filling(id)
            q = BEGINNING if noted else END
            while q < END and ledgers.has_room:
                q = self.inquire_once(NEWEST, policy).cell(place, q).end  # by what is known at this step
                yield
            if noted and q == END:
                ledgers.laid_out(place, noted)

    def lay_out_past(self, policy: Policy) -> Iterator[None]:
        """Work out what the answers about all places were by what was known before, as far as there is room for it.

        A step at a time, as `lay_out`; what comes in meanwhile does no harm.
        """
        ledgers = self._policies.ledgers(policy)
        for place in list(self._settlements.places):
            yield
            family = (place, *self._settlements.inheriting(place))
            if self._settlements.around(place) or not ledgers.lacks_past(family):
                continue  # it is of the family of the outermost
            settlements = self._settlements.upto(len(self._registered))
            found = yield from retold(self, policy, family, settlements, partial(Known, self))
            if family == (place, *self._settlements.inheriting(place)):  # nobody came to it meanwhile
                ledgers.take_past(family, found)

    def spans(self, place: str, policy: Policy, *, by_side: bool = False) -> Iterator[Span]:
        """What is shown of a place at every instant, as known at every position."""
        ledgers = self._policies.ledgers(policy)

        def course(known_at: int, start: int) -> Iterator[tuple[int, JoinsBy]]:
            return ChainInquiry(Known(self, known_at), ledgers).course(place, start, by_side=by_side)

        touches: dict[int, int] = {}
        for id in (place, *self._settlements.around(place)):
            for position, instant in ledgers.ledger(id).touches.all():
                touches[position] = min(instant, touches.get(position, instant))
        return spans(sorted(touches.items()), course)

    def touched(self, line: Line) -> Iterable[str]:
        """The places whose answer an event can change, among others that it can't, as known once it came in."""
        settlements = self.settlements(line.position)
        if line.type is PlaceRegistered:
            return (line.id,)
        if line.type is ForceAligned:
            return settlements.places
        if line.type not in OF_REPORTS:
            return ()
        report = self._tellings.told(line.id)
        if report is None:
            raise KeyError(line.id)
        told = {each.place for known_at in (line.position - 1, line.position) for each in report.statements(known_at)}
        return told.union(*map(settlements.inheriting, told))

    def told(self, report: str) -> Told | None:
        """What a report says of who held what; None where there is no such report."""
        return self._tellings.told(report)

    def suppose(self, report: Told, position: int, policy: Policy) -> Inquiry:
        """Ask as if what comes to stand at a position were that a report is told so."""
        known = Supposed(self, position, report)
        return ChainInquiry(known, _SupposedLedgers(known, self._policies.ledgers(policy), policy))

    @property
    def all_settlements(self) -> Settlements:
        """The places registered by now."""
        return self._settlements

    def settlements(self, known_at: int) -> Settlements:
        return self._settlements_upto(bisect_right(self._registered, known_at))

    def ordered(self, known_at: int) -> Mapping[str, Place]:
        """The places known, by id and in its order: the very same mapping as long as there are no others."""
        return self._ordered(bisect_right(self._registered, known_at))

    def _order(self, count: int) -> Mapping[str, Place]:
        return dict(sorted(self._settlements.upto(count).places.items()))

    def alignments(self, known_at: int) -> Alignments:
        return self.relations(known_at).alignments

    def relations(self, known_at: int) -> Relations:
        """What claims can do to each other, as known."""
        return self._relations_of(bisect_right(self.realigned, known_at))

    def _build_relations(self, count: int) -> Relations:
        return Relations(Alignments(self._alignments[:count]))

    def affiliation(self, source: str) -> str | None:
        return self._affiliations.get(source)

    def allegiances(self, known_at: int) -> Known:
        """Who stands with whom, as known."""
        return Known(self, known_at)

    def noted(self, place: str) -> int:
        """How much there is that concerns a place; it only grows."""
        return self._tellings.noted(place)

    @property
    def mark(self) -> Mark:
        """How much there is that bears on answers."""
        return self._tellings.mark, len(self.realigned)

    def noted_since(self, mark: Mark | None) -> Iterable[str]:
        """The places that something since a mark is about."""
        if mark is None or mark[1] != len(self.realigned):
            return self._settlements.places
        return self._tellings.noted_since(mark[0])

    def changes(self, place: str, after: int) -> Sequence[tuple[int, int]]:
        """What changed after a position in what is said of a place: positions, and the reports by their numbers."""
        return self._tellings.changes_about(place, after)

    def report_id(self, report: int) -> str:
        return self._tellings.ids[report]

    def account(self, report: int, place: str, known_at: int) -> Account | None:
        """What a report says of a place, as known; None where that is nothing, or it is retracted."""
        return self._tellings.account(report, place, known_at)

    def accounts(self, place: str, known_at: int) -> Iterator[Account]:
        """The reports as known, not retracted, with a control claim about the place itself."""
        for report in self._tellings.reports_about(place):
            found = self.account(report, place, known_at)
            if found is not None:
                yield found

    def digest(self) -> str:
        return fingerprint(
            [
                *zip(self._registered, self._settlements.places.values(), strict=True),
                [*zip(self.realigned, self._alignments, strict=True)],
                sorted(self._affiliations.items()),
            ]
        )


class Known:
    """The projection up to a position: what the rules ask. What comes later never shows.

    A source's affiliation needs no position: a source stands before every report that names it.
    """

    def __init__(self, projection: ControlProjection, known_at: int, settlements: Settlements | None = None) -> None:
        self._projection = projection
        self.position = known_at
        self.settlements = settlements or projection.settlements(known_at)

    @cached_property
    def relations(self) -> Relations:
        return self._projection.relations(self.position)

    @cached_property
    def alignments(self) -> Alignments:
        return self.relations.alignments

    def accounts(self, place: str) -> Iterable[Account]:
        return self._projection.accounts(place, self.position)

    def affiliation(self, source: str) -> str | None:
        return self._projection.affiliation(source)


class Supposed(Known):
    """What is known, but for one report that is told otherwise, or that is not there yet.

    `supposed` is what it says of each place that it speaks of, or spoke of before.
    """

    def __init__(self, projection: ControlProjection, position: int, report: Told) -> None:
        super().__init__(projection, position - 1)
        self._report = report.id
        before = projection.told(report.id)
        said = [*report.statements(position), *(before.statements(position - 1) if before else ())]
        self.supposed = {each.place: report.account(each.place, position) for each in said}

    def accounts(self, place: str) -> Iterable[Account]:
        yield from (each for each in super().accounts(place) if each.report != self._report)
        supposed = self.supposed.get(place)
        if supposed is not None:
            yield supposed


class _SupposedLedgers:
    """Those of a policy, but of the places that the report speaks of."""

    def __init__(self, known: Supposed, ledgers: Ledgers, policy: Policy) -> None:
        self._known = known
        self._ledgers = ledgers
        self._policy = policy
        self._supposed: dict[str, Ledger] = {}

    def ledger(self, place: str) -> Ledger:
        if place not in self._known.supposed:
            return self._ledgers.ledger(place)
        found = self._supposed.get(place)
        if found is None:
            found = self._supposed[place] = Ledger.of(self._known.accounts(place), self._known, self._policy)
        return found
