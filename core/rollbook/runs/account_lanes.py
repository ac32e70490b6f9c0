"""The lanes in which account changes go: with their person's record, and behind C1 and C2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rollbook.changes.positions import Places
from rollbook.directory.account_changes import SavedAccountChange
from rollbook.directory.changesets import PlannedLane
from rollbook.roster.accounts import AccountVerb
from rollbook.runs.account_holds import Cell, Keeping
from rollbook.runs.account_people import NO_CHANGE
from rollbook.runs.account_plan import AccountPlan
from rollbook.runs.account_seat_lanes import SeatLanes
from rollbook.runs.account_spool import NO_PAUSE, VERBS, Planned
from rollbook.runs.lanes import Lanes, Waits

_ON_NO_GROUND = frozenset(
    {AccountVerb.SUSPEND, AccountVerb.LEAVE, AccountVerb.STAY, AccountVerb.REACTIVATE}
)
"""Whether an account is to be in use hangs on its person alone."""


class AccountLanes:
    """Gives each account change its lane; ``lanes`` are those of the records.

    ``holds`` are those of the account part, ``ground`` the changes on which many accounts hang: an
    account waits for these too, and groups of classes for the ``seats`` that they follow. For the
    ``roll_up`` those wait who have no change of their own. Lanes of its own are made as they are
    needed: ``made`` has them once all rows have been taken.
    """

    def __init__(
        self,
        lanes: Lanes,
        pauses: Sequence[str],
        holds: Sequence[Keeping],
        ground: Places,
        roll_up: Places,
        seats: SeatLanes | None = None,
    ) -> None:
        self._lanes, self._pauses, self._holds = lanes, pauses, holds
        self._ground = sorted(set(lanes.numbers[ground].tolist()))
        self._roll_up = sorted(set(lanes.numbers[roll_up].tolist()))
        self._seats = seats
        self._numbers: dict[Waits, int] = {w: n for n, w in reversed([*enumerate(lanes.waits)])}
        self._known: dict[tuple[int, int, Cell, tuple[int, ...]], int] = {}
        self.made: list[PlannedLane] = []
        self.counts: Counter[tuple[int, AccountVerb]] = Counter()
        self.adding_up: Counter[tuple[int, AccountVerb]] = Counter()

    def rows(self, plan: AccountPlan) -> Iterator[SavedAccountChange]:
        """The account changes of a plan as they are saved, in order."""
        for seq, planned in enumerate(plan):
            verb = VERBS[planned.verb]
            lane = self._lane(planned, verb)
            self.counts[lane, verb] += 1
            self.adding_up[lane, verb] += plan.adds_up(planned)
            yield (seq, lane, verb.value, *planned[1:8])

    def _lane(self, planned: Planned, verb: AccountVerb) -> int:
        own = NO_CHANGE
        if planned.position != NO_CHANGE:
            own = int(self._lanes.numbers[planned.position])
        cell = Cell(verb, planned.role, planned.expected, planned.renamed, planned.sudden)
        seats: tuple[int, ...] = ()
        if self._seats is not None and verb in (AccountVerb.REGROUP, AccountVerb.CREATE):
            seats = self._seats.of(planned.person)
        key = (own, planned.pause, cell, seats)
        if key not in self._known:
            self._known[key] = self._number(self._waits(own, planned.pause, cell, seats))
        return self._known[key]

    def _waits(self, own: int, pause: int, cell: Cell, seats: tuple[int, ...]) -> Waits:
        """What an account change waits for: all that its record and its ground wait for, and its
        own holds."""
        numbers = [own, *seats] if own != NO_CHANGE else [*seats]
        if cell.verb not in _ON_NO_GROUND or cell.renamed:
            numbers += self._ground
            numbers += self._roll_up if own == NO_CHANGE else []
        if cell.verb is AccountVerb.VACATE:
            # Whoever has the id now is another person as soon as the record says so.
            numbers = [own]
        found = [self._lanes.waits[number] for number in numbers]
        paused = [self._pauses[pause]] if pause != NO_PAUSE else []
        paused += [by for by, _, _ in found if by is not None]
        expected = next((plan for _, _, plan in found if plan is not None), None)
        if paused:
            return paused[0], (), expected
        holds = [name for _, names, _ in found for name in names]
        holds += [one.hold for one in self._holds if one.keeps(cell)]
        return None, tuple(dict.fromkeys(holds)), expected

    def _number(self, waits: Waits) -> int:
        if waits not in self._numbers:
            number = len(self._lanes.waits) + len(self.made)
            self._numbers[waits] = number
            paused, holds, expected = waits
            self.made.append(PlannedLane(number, paused, holds, {}, expected))
        return self._numbers[waits]
