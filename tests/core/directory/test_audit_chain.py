"""The audit trail: whoever changes it is found out."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollbook.directory import audit
from rollbook.directory.audit import (
    GENESIS,
    Actor,
    Entry,
    entry_hash,
    first_break,
    first_break_stored,
)
from rollbook.directory.store import Store

from .conftest import ACTOR

Chain = list[Entry]


@pytest.fixture
def chain(store: Store) -> Chain:
    with store.write() as connection:
        for number in range(1, 7):
            actor = Actor("sam", ACTOR.at + timedelta(seconds=number))
            audit.write(
                connection, actor, "test.event", district="n", subject="s", body={"n": number}
            )
    with store.read() as connection:
        return list(audit.entries(connection))


def broken_at(chain: Chain) -> int | None:
    return first_break(iter(chain))[1]


def forged(entry: Entry, **changed: object) -> Entry:
    """An entry with other content and a hash that fits it."""
    other = replace(entry, **changed)  # type: ignore[arg-type]
    parts = (other.who, other.event, other.district, other.subject, other.body)
    return replace(other, hash=entry_hash(other.previous, other.seq, other.at, *parts))


def test_a_whole_chain_is_whole(chain: Chain) -> None:
    assert first_break(iter(chain)) == (6, None, chain[-1].hash)
    assert chain[0].previous == GENESIS
    assert [entry.seq for entry in chain] == [1, 2, 3, 4, 5, 6]


def test_no_entries_are_a_whole_chain() -> None:
    assert first_break(iter(())) == (0, None, GENESIS)


def tamperings() -> Iterator[tuple[str, Callable[[Chain], Chain], int]]:
    changed: dict[str, object] = {
        "who": "lee",
        "event": "other",
        "district": None,
        "subject": "t",
        "body": "{}",
        "at": ACTOR.at,
        "previous": GENESIS,
        "hash": "f" * 64,
    }
    for name, value in changed.items():

        def change(chain: Chain, name: str = name, value: object = value) -> Chain:
            return [*chain[:2], replace(chain[2], **{name: value}), *chain[3:]]  # type: ignore[arg-type]

        yield f"{name} changed", change, 3
    yield "one removed", lambda c: [*c[:2], *c[3:]], 4
    yield "the first removed", lambda c: c[1:], 2
    yield "one inserted", lambda c: [*c[:3], forged(c[2], body='{"x":1}'), *c[3:]], 3
    yield "two swapped", lambda c: [*c[:2], c[3], c[2], *c[4:]], 4
    yield "one forged with its own hash", lambda c: [*c[:2], forged(c[2], who="lee"), *c[3:]], 4
    yield "renumbered", lambda c: [*c[:2], *(replace(e, seq=e.seq - 1) for e in c[3:])], 3


@pytest.mark.parametrize(
    ("tamper", "found"), [(t, n) for _, t, n in tamperings()], ids=[w for w, _, _ in tamperings()]
)
def test_tampering_is_found_where_it_begins(
    chain: Chain, tamper: Callable[[Chain], Chain], found: int
) -> None:
    tampered = tamper(chain)
    entries, at, head = first_break(iter(tampered))
    assert at == found == tampered[entries].seq
    assert head == (tampered[entries - 1].hash if entries else GENESIS)


@given(st.permutations(range(6)))
def test_any_other_order_is_found(order: list[int]) -> None:
    chain: Chain = []
    previous = GENESIS
    for seq in range(1, 7):
        parts = ("sam", "event", None, None, "{}")
        hashed = entry_hash(previous, seq, ACTOR.at, *parts)
        chain.append(Entry(seq, ACTOR.at, *parts, previous, hashed))
        previous = hashed
    in_order = order == sorted(order)
    assert (broken_at([chain[position] for position in order]) is None) == in_order


TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(['"', "\\", "\x00", "é"])


@given(TEXT, TEXT, st.none() | TEXT, st.none() | TEXT, TEXT)
def test_a_hash_is_over_the_canonical_list_of_what_an_entry_says(
    who: str, event: str, district: str | None, subject: str | None, body: str
) -> None:
    at = datetime(2026, 3, 8, 1, 30, tzinfo=ZoneInfo("America/Chicago"))
    said = [GENESIS, 7, "2026-03-08T07:30:00.000000+00:00", who, event, district, subject, body]
    expected = hashlib.sha256(audit.canonical(said).encode()).hexdigest()
    assert entry_hash(GENESIS, 7, at, who, event, district, subject, body) == expected


def test_the_rows_of_the_store_are_followed_as_its_entries_are(store: Store, chain: Chain) -> None:
    with store.read() as connection:
        assert first_break_stored(connection) == first_break(chain) == (6, None, chain[-1].hash)


def test_an_entry_lives_and_dies_with_its_transaction(store: Store) -> None:
    def fail() -> None:
        with store.write() as connection:
            audit.write(connection, ACTOR, "test.event")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.read() as connection:
        assert audit.last_seq(connection) == 0


def test_the_newest_entries_come_first_and_by_district(store: Store, chain: Chain) -> None:
    with store.write() as connection:
        audit.write(connection, ACTOR, "test.event", district="other")
    with store.read() as connection:
        newest = list(audit.entries(connection, newest=2))
        of_one = list(audit.entries(connection, district="n", newest=100))
    assert [entry.seq for entry in newest] == [7, 6]
    assert [entry.seq for entry in of_one] == [6, 5, 4, 3, 2, 1]


def test_bodies_have_one_spelling() -> None:
    assert audit.canonical({"b": 1, "a": "é"}) == audit.canonical({"a": "é", "b": 1})
    assert audit.canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'
