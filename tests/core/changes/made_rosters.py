"""Rosters out of a few ids that refer to each other, for properties of plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hypothesis import strategies as st

from rollbook.directory.records import Directory, LiveRecord
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Record, Values, guardian_id, owners, role_id
from rollbook.sources.roster import Roster

Held = dict[Kind, dict[str, Values]]
"""What a directory or a snapshot holds: kind, id, fields."""

ORGS, CLASSES, USERS = ("o1", "o2", "o3"), ("c1", "c2", "c3"), ("u1", "u2", "u3", "u4")

_org, _class, _user = st.sampled_from(ORGS), st.sampled_from(CLASSES), st.sampled_from(USERS)
_name = st.sampled_from(["A", "B"])
_role = st.sampled_from(["student", "teacher", "parent"])


def _records(
    ids: Iterable[str], needed: dict[str, st.SearchStrategy[str]], **optional: object
) -> st.SearchStrategy[dict[str, Values]]:
    fields: st.SearchStrategy[Values] = st.fixed_dictionaries(needed, optional=optional)  # type: ignore[arg-type]
    return st.dictionaries(st.sampled_from(sorted(ids)), fields, max_size=5)


def _keyed(
    pairs: st.SearchStrategy[list[Values]], kind: Kind
) -> st.SearchStrategy[dict[str, Values]]:
    def key(values: Values) -> str:
        if kind is Kind.ROLE:
            return role_id(*(str(values[name]) for name in ("user_id", "role", "org_id")))
        return guardian_id(str(values["student_id"]), str(values["guardian_id"]))

    return pairs.map(lambda rows: {key(values): values for values in rows})


_roles: st.SearchStrategy[list[Values]] = st.lists(
    st.fixed_dictionaries(
        {"user_id": _user, "role": _role, "org_id": _org, "role_type": st.just("primary")}
    ),
    max_size=5,
)
_links: st.SearchStrategy[list[Values]] = st.lists(
    st.fixed_dictionaries({"student_id": _user, "guardian_id": _user}).filter(
        lambda link: link["student_id"] != link["guardian_id"]
    ),  # type: ignore[arg-type]
    max_size=4,
)

anything: st.SearchStrategy[Held] = st.fixed_dictionaries(
    {
        Kind.ORG: _records(ORGS, {"name": _name, "type": st.just("school")}, parent_id=_org),
        Kind.ACADEMIC_SESSION: _records(["y"], {"title": _name}),
        Kind.COURSE: _records(["k1", "k2"], {"title": _name}, org_id=_org),
        Kind.CLASS: _records(CLASSES, {"title": _name, "school_id": _org}),
        Kind.USER: _records(
            USERS, {"given_name": _name, "primary_role": _role}, primary_org_id=_org
        ),
        Kind.ROLE: _keyed(_roles, Kind.ROLE),
        Kind.ENROLLMENT: _records(
            ["e1", "e2", "e3", "e4"], {"user_id": _user, "class_id": _class}, school_id=_org
        ),
        Kind.GUARDIAN: _keyed(_links, Kind.GUARDIAN),
        Kind.DEMOGRAPHICS: _records(USERS, {"sex": st.sampled_from(["female", "male"])}),
    }
)
"""Records that may refer to nothing."""


def closed(held: Held) -> Held:
    """The records that have everything that they belong to, people at no org that is not here."""
    kept: Held = {kind: {} for kind in Kind}
    for kind in Kind:
        for record_id, values in held[kind].items():
            if all(owner in kept[of] for of, owner in owners(kind, record_id, values)):
                there = values.get("primary_org_id") in kept[Kind.ORG]
                kept[kind][record_id] = {
                    name: value
                    for name, value in values.items()
                    if there or name != "primary_org_id"
                }
    return kept


whole: st.SearchStrategy[Held] = anything.map(closed)
"""Records that have everything that they belong to."""


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    """Readings with rows set aside, files that are not there, and references to nothing."""
    held = draw(anything)
    protected: dict[Kind, frozenset[str]] = {}
    for kind in Kind:
        ids = sorted(held[kind])
        chosen = draw(st.sets(st.sampled_from(ids), max_size=2)) if ids else set()
        protected[kind] = frozenset(chosen)
    incomplete = draw(st.sets(st.sampled_from(list(Kind)), max_size=2))
    return roster(
        {k: {i: v for i, v in held[k].items() if i not in protected[k]} for k in Kind},
        complete=frozenset(Kind) - incomplete,
        protected=protected,
    )


def roster(
    held: Held,
    *,
    complete: frozenset[Kind] = frozenset(Kind),
    protected: Mapping[Kind, Iterable[str]] | None = None,
) -> Roster:
    """A reading that holds just these records."""
    return Roster(
        version="1.2",
        records={k: {i: Record(k, i, v) for i, v in held.get(k, {}).items()} for k in Kind},
        complete=complete,
        protected={k: frozenset((protected or {}).get(k, ())) for k in Kind},
        findings=(),
        files=(),
    )


def directory(held: Held, version: int = 1) -> Directory:
    """A directory that holds just these records, all at one version."""
    return {k: {i: LiveRecord(dict(v), version) for i, v in held.get(k, {}).items()} for k in Kind}


def applied(held: Held, changes: Iterable[Change]) -> Held:
    """What is held after some changes; they must fit it exactly."""
    after = {kind: {i: dict(v) for i, v in held.get(kind, {}).items()} for kind in Kind}
    for change in changes:
        records = after[change.kind]
        match change.verb:
            case Verb.ADD:
                assert change.id not in records
                assert change.before is None
                assert change.after is not None
                records[change.id] = dict(change.after)
            case Verb.UPDATE:
                values = records[change.id]
                assert change.before != change.after
                for name, value in (change.before or {}).items():
                    assert values.pop(name) == value
                values |= change.after or {}
            case Verb.REMOVE:
                assert records.pop(change.id) == change.before
                assert change.after is None
    return after


def ownerless(held: Held) -> set[tuple[Kind, str]]:
    """The records that belong to something that is not held."""
    return {
        (kind, record_id)
        for kind in Kind
        for record_id, values in held[kind].items()
        for of, owner in owners(kind, record_id, values)
        if owner not in held[of]
    }
