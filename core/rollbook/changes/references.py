"""What a snapshot's records refer to: here, leaving, unknown, or never heard of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import cast

from rollbook.changes.changeset import Owner, Ownerless
from rollbook.changes.dangling import Dangling, DanglingLog
from rollbook.changes.resolve import Records
from rollbook.changes.surroundings import NOTHING, Surroundings
from rollbook.directory.records import Directory, LiveRecord
from rollbook.roster.findings import Finding, Severity
from rollbook.roster.kinds import SHAPES, FieldType, Kind
from rollbook.roster.records import Record, owners, referred, text
from rollbook.sources.roster import Places, nowhere

_OWNERS = 20_000
"""Missing owners that rows are counted by; of more, the rest count as never heard of."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What leaves, what is unknown, what was set aside (``rejected`` rows by kind, ``ownerless`` by
    the owners that are missing), and the records of which there was something to say
    (``dangling``)."""

    removed: dict[Kind, set[str]]
    unknown: dict[Kind, set[str]]
    findings: tuple[Finding, ...]
    rejected: dict[Kind, int]
    ownerless: Ownerless
    dangling: frozenset[tuple[Kind, str]] = frozenset()


def check_references(
    records: Records,
    protected: Mapping[Kind, Set[str]],
    complete: Set[Kind],
    directory: Directory,
    places: Places = nowhere,
    around: Surroundings = NOTHING,
) -> Checked:
    """Find what leaves, set aside in place the records that have nothing to belong to.

    A record whose owner leaves in this very snapshot (the file of users lost a student whose
    enrollments are still there) leaves with it, or is not added: that is judged as a removal. It
    leaves also when its own row was set aside, for it cannot stay without its owner. A record
    whose owner is unknown and not held yet waits until the owner is known. A record whose owner
    nobody ever heard of is an error: the row is set aside and its id protected. The id of a role
    is made of what it says: where one is set aside, any of the person's roles may be meant, and
    those that are not sent are unknown. Nor is a primary org taken over that is not here.
    """
    checking = Checking(complete, around)
    dangling = checking.check(tuple(Kind), records, protected, directory, places)
    return Checked(
        checking.removed,
        checking.unknown,
        checking.log.findings(),
        dict(checking.rejected),
        checking.ownerless,
        dangling,
    )


class Checking:
    """Checks references kind by kind: all at once, or slice by slice of people with what belongs
    to them, after the kinds to which all of these refer.

    ``removed`` and ``unknown`` hold the ids of the kinds checked last; ``rejected``, ``ownerless``
    and ``log`` add up.
    """

    def __init__(self, complete: Set[Kind], around: Surroundings = NOTHING) -> None:
        self.removed: dict[Kind, set[str]] = {kind: set() for kind in Kind}
        self.unknown: dict[Kind, set[str]] = {kind: set() for kind in Kind}
        self.rejected: Counter[Kind] = Counter()
        self.ownerless: Ownerless = Counter()
        self.log = DanglingLog()
        self._complete = complete
        self._around = around
        self._not_added: dict[Kind, dict[str, str]] = {kind: {} for kind in Kind}
        self._sent: dict[Kind, Container[str]] = {kind: frozenset() for kind in Kind}
        self._held: dict[Kind, Collection[str]] = {kind: frozenset() for kind in Kind}
        self._protected: dict[Kind, Set[str]] = {kind: frozenset() for kind in Kind}

    def check(
        self,
        kinds: Sequence[Kind],
        records: Records,
        protected: Mapping[Kind, Set[str]],
        directory: Directory,
        places: Places = nowhere,
    ) -> frozenset[tuple[Kind, str]]:
        """Check some kinds, in order; returns the records of which there was something to say.

        Records of these kinds that were checked before are not known any more.
        """
        for kind in kinds:
            self.removed[kind], self.unknown[kind], self._not_added[kind] = set(), set(), {}
            self._sent[kind], self._held[kind] = records[kind], directory[kind]
            self._protected[kind] = protected[kind]
        dangling: Dangling = defaultdict(list)
        without_role: set[str | None] = set()
        for kind in kinds:
            self._check_sent(kind, records[kind], directory[kind], dangling, without_role)
            self._check_held(kind, records[kind], directory[kind], without_role)
        self._note_ownerless(dangling)
        self.log.add(dangling, places)
        return frozenset((key[1], record) for key, pairs in dangling.items() for record, _ in pairs)

    def settle(self, kinds: Sequence[Kind]) -> None:
        """Keep just the ids of kinds that have been checked: what comes later refers to them."""
        for kind in kinds:
            self._sent[kind] = frozenset(cast(Iterable[str], self._sent[kind]))
            self._held[kind] = frozenset(self._held[kind])

    def _state(self, kind: Kind, record_id: str) -> str:
        if record_id in self._sent[kind] or self._around.holds(kind, record_id):
            return "here"
        if record_id in self.removed[kind]:
            return "leaving"
        if record_id in self._held[kind]:
            unknown = record_id in self._protected[kind] or record_id in self.unknown[kind]
            return "unknown" if unknown else "here"
        if record_id in self._protected[kind]:
            return "awaited"
        if record_id in self._not_added[kind]:
            return self._not_added[kind][record_id]
        known = bool(self._held[kind]) or self._around.has_any(kind)
        return "unchecked" if kind not in self._complete and not known else "nobody"

    def _check_sent(
        self,
        kind: Kind,
        records: dict[str, Record],
        held: Mapping[str, LiveRecord],
        dangling: Dangling,
        without_role: set[str | None],
    ) -> None:
        """Look at what the records refer to; take out in place those that cannot stay or come."""
        owner_fields = {r.field for r in SHAPES[kind].references if r.owner}
        plain = [
            (r.field, self._sent[r.kind])
            for r in SHAPES[kind].references
            if SHAPES[kind].fields[r.field] is not FieldType.LIST
        ]
        if kind is not Kind.DEMOGRAPHICS and len(plain) == len(SHAPES[kind].references):
            asked = _not_all_sent(records, plain)
        else:
            asked = list(records.values())
        for record in asked:
            fate = _fate(record, owner_fields, self._state, dangling)
            if fate == "here":
                primary = text(record.values, "primary_org_id") if kind is Kind.USER else None
                if primary is not None and self._state(Kind.ORG, primary) not in _USABLE:
                    records[record.id] = _at_the_org_of(record, held.get(record.id))
                continue
            del records[record.id]
            if record.id in held:
                (self.removed if fate == "leaving" else self.unknown)[kind].add(record.id)
            else:
                self._not_added[kind][record.id] = fate
            if fate == "nobody":
                self.rejected[kind] += 1
            if kind is Kind.ROLE and fate != "leaving":
                without_role.add(text(record.values, "user_id"))

    def _note_ownerless(self, dangling: Dangling) -> None:
        """Count the rows that were set aside by the owners that they lack."""
        missing: dict[tuple[Kind, str], list[Owner]] = {}
        for (severity, kind, _, of), pairs in dangling.items():
            if severity is Severity.ERROR:
                for record, target in pairs:
                    missing.setdefault((kind, record), []).append((of, target))
        for (kind, _), owners_of in missing.items():
            key = kind, frozenset(owners_of)
            if key in self.ownerless or len(self.ownerless) < _OWNERS:
                self.ownerless[key] += 1

    def _check_held(
        self,
        kind: Kind,
        records: Mapping[str, Record],
        held: Mapping[str, LiveRecord],
        without_role: Set[str | None],
    ) -> None:
        """Tell what leaves from what is unknown among the records that are not sent."""
        removed, unknown = self.removed[kind], self.unknown[kind]
        known: dict[tuple[Kind, str], str] = {}
        for record_id in held.keys() - records.keys() - removed:
            values = held[record_id].values
            of_owners: set[str] = set()
            for owner in owners(kind, record_id, values):
                state = known.get(owner) or self._state(*owner)
                of_owners.add(state)
                if owner[0] is not kind:
                    known[owner] = state
            if "leaving" in of_owners:
                unknown.discard(record_id)
                removed.add(record_id)
            elif (
                record_id in unknown
                or record_id in self._protected[kind]
                or kind not in self._complete
                or "unknown" in of_owners
                or (kind is Kind.ROLE and text(values, "user_id") in without_role)
            ):
                unknown.add(record_id)
            else:
                removed.add(record_id)


def _not_all_sent(
    records: Mapping[str, Record], plain: Sequence[tuple[str, Container[str]]]
) -> list[Record]:
    """The records that refer to something that is not sent as well."""
    found: set[str] = set()
    for name, sent in plain:
        found.update(
            record_id
            for _, record_id, values in records.values()
            if (target := values.get(name)) is not None and target not in sent
        )
    return [record for record in records.values() if record.id in found] if found else []


_USABLE = ("here", "unknown", "unchecked")
"""The states of what a record can refer to."""


def _at_the_org_of(record: Record, live: LiveRecord | None) -> Record:
    """A person with the primary org that the directory has, or none."""
    kept = {name: value for name, value in record.values.items() if name != "primary_org_id"}
    if live is not None and "primary_org_id" in live.values:
        kept["primary_org_id"] = live.values["primary_org_id"]
    return Record(record.kind, record.id, kept)


def _fate(
    record: Record,
    owner_fields: Set[str],
    state: Callable[[Kind, str], str],
    dangling: Dangling,
) -> str:
    """``here``, or what becomes of a record because of what it belongs to."""
    fate = "here"
    targets = list(referred(record.kind, record.values))
    if record.kind is Kind.DEMOGRAPHICS:
        targets.append((Kind.USER, record.id, "id"))
    for kind, target, field in targets:
        found = state(kind, target)
        if found in _USABLE:
            continue
        owner = field in owner_fields or field == "id"
        if found == "awaited":
            if owner and fate == "here":
                fate = found
            continue
        severity = Severity.ERROR if owner and found == "nobody" else Severity.WARNING
        dangling[severity, record.kind, field, kind].append((record.id, target))
        if owner and fate != "nobody":
            fate = found
    return fate
