"""What a snapshot's records refer to: here, leaving, unknown, or never heard of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass

from rollbook.changes.resolve import Records
from rollbook.changes.surroundings import NOTHING, Surroundings
from rollbook.directory.records import Directory, LiveRecord
from rollbook.roster.findings import Finding, Severity
from rollbook.roster.kinds import SHAPES, Kind
from rollbook.roster.records import Record, owners, referred, text
from rollbook.sources.roster import Places, nowhere

SINGLY = 200
"""Dangling references of one kind and field that are listed one by one; the rest is counted."""


Dangling = dict[tuple[Severity, Kind, str, Kind], list[tuple[str, str]]]
"""(record, missing target) by severity, kind, field and kind of the target."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What leaves, what is unknown, what was set aside (``rejected`` rows by kind), and the records
    of which there was something to say (``dangling``)."""

    removed: dict[Kind, set[str]]
    unknown: dict[Kind, set[str]]
    findings: tuple[Finding, ...]
    rejected: dict[Kind, int]
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
    removed: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    unknown: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    not_added: dict[Kind, dict[str, str]] = {kind: {} for kind in Kind}
    rejected: Counter[Kind] = Counter()
    dangling: Dangling = defaultdict(list)
    without_role: set[str | None] = set()

    def state(kind: Kind, record_id: str) -> str:
        if record_id in records[kind] or around.holds(kind, record_id):
            return "here"
        if record_id in removed[kind]:
            return "leaving"
        if record_id in directory[kind]:
            unknown_here = record_id in protected[kind] or record_id in unknown[kind]
            return "unknown" if unknown_here else "here"
        if record_id in protected[kind]:
            return "awaited"
        if record_id in not_added[kind]:
            return not_added[kind][record_id]
        known = bool(directory[kind]) or around.has_any(kind)
        return "unchecked" if kind not in complete and not known else "nobody"

    for kind in Kind:
        owner_fields = {r.field for r in SHAPES[kind].references if r.owner}
        for record in list(records[kind].values()):
            fate = _fate(record, owner_fields, state, dangling)
            if fate == "here":
                primary = text(record.values, "primary_org_id") if kind is Kind.USER else None
                if primary is not None and state(Kind.ORG, primary) not in _USABLE:
                    live = directory[kind].get(record.id)
                    records[kind][record.id] = _at_the_org_of(record, live)
                continue
            del records[kind][record.id]
            if record.id in directory[kind]:
                (removed if fate == "leaving" else unknown)[kind].add(record.id)
            else:
                not_added[kind][record.id] = fate
            if fate == "nobody":
                rejected[kind] += 1
            if kind is Kind.ROLE and fate != "leaving":
                without_role.add(text(record.values, "user_id"))
        for record_id, live in directory[kind].items():
            if record_id in records[kind] or record_id in removed[kind]:
                continue
            of_owners = {state(k, i) for k, i in owners(kind, record_id, live.values)}
            if "leaving" in of_owners:
                unknown[kind].discard(record_id)
                removed[kind].add(record_id)
            elif (
                record_id in unknown[kind]
                or record_id in protected[kind]
                or kind not in complete
                or "unknown" in of_owners
                or (kind is Kind.ROLE and text(live.values, "user_id") in without_role)
            ):
                unknown[kind].add(record_id)
            else:
                removed[kind].add(record_id)
    return Checked(
        removed,
        unknown,
        tuple(_findings(dangling, places)),
        dict(rejected),
        frozenset((key[1], record) for key, pairs in dangling.items() for record, _ in pairs),
    )


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


def _findings(dangling: Dangling, places: Places) -> list[Finding]:
    found: list[Finding] = []
    errors_first = sorted(dangling.items(), key=lambda item: item[0][0] is not Severity.ERROR)
    for (severity, kind, field, target_kind), pairs in errors_first:
        pairs.sort()
        remedy = f"Send the {target_kind} as well, or correct the reference."
        if severity is Severity.WARNING:
            shown, rest = pairs[:1], len(pairs)
        else:
            shown, rest = pairs[:SINGLY], max(1, len(pairs) - SINGLY + 1)
        place = places(kind, field, {record_id for record_id, _ in shown})
        for position, (record_id, target) in enumerate(shown):
            count = rest if position == len(shown) - 1 else 1
            more = f" ({count:,} such records)" if count > 1 else ""
            if severity is Severity.ERROR:
                consequence = "the row was set aside"
            elif field == "primary_org_id":
                consequence = "it is not here, and the primary org stays as it was"
            else:
                consequence = "it is not here"
            found.append(
                Finding(
                    severity=severity,
                    code="dangling-reference",
                    message=f"{kind} {record_id} refers to {target_kind} {target}: "
                    f"{consequence}{more}.",
                    remedy=remedy,
                    file=place.file,
                    line=place.lines.get(record_id),
                    field=place.header,
                    kind=kind,
                    record_id=record_id,
                    count=count,
                )
            )
    return found
