"""Finding people who may be one: same name and birth date, or same email and name.

Nothing is merged by itself. Twins and siblings share a birth date or an address, not a given
name; parents share an email with their child, so different role groups are never compared.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations

from rollbook.changes.resolve import group_of
from rollbook.directory.records import Directory
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.records import Values, text

SCORES = {"name and birth date": 0.9, "email and name": 0.85, "both": 0.97}
"""How sure each kind of evidence is, from 0 to 1; the tiers are those of safety practice in state
id systems: a match on names and dates is a case for a person, never a merge by itself."""

LARGEST_GROUP = 20
"""More people than this with one name and birth date, or one email, are test data, not doubles."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two ids, the likelier survivor first, with the evidence."""

    keep: str
    lose: str
    role: RoleGroup
    score: float
    evidence: str


def find_duplicates(directory: Directory, settled: Collection[tuple[str, str]]) -> list[Pair]:
    """Likely duplicates, the surest first; ``settled`` pairs (in order) are two people."""
    by_birth: dict[tuple[str, ...], list[str]] = defaultdict(list)
    by_email: dict[tuple[str, ...], list[str]] = defaultdict(list)
    users = directory[Kind.USER]
    for user, record in users.items():
        name = folded_name(record.values)
        if not all(name):
            continue
        group = group_of(record.values)
        born = directory[Kind.DEMOGRAPHICS].get(user)
        if born is not None and (date := text(born.values, "birth_date")):
            by_birth[(group, *name, date)].append(user)
        if email := text(record.values, "email"):
            by_email[(group, *name, email.casefold())].append(user)
    evidence: dict[tuple[str, str], set[str]] = defaultdict(set)
    for groups, what in ((by_birth, "name and birth date"), (by_email, "email and name")):
        for people in groups.values():
            if 1 < len(people) <= LARGEST_GROUP:
                for pair in combinations(sorted(people), 2):
                    evidence[pair].add(what)
    enrolled = Counter(
        text(enrollment.values, "user_id") for enrollment in directory[Kind.ENROLLMENT].values()
    )
    found = [
        _pair(directory, enrolled, pair, what)
        for pair, what in evidence.items()
        if pair not in settled and not _contradicted(directory, pair)
    ]
    return sorted(found, key=lambda pair: (-pair.score, pair.keep, pair.lose))


def folded_name(values: Values) -> tuple[str, str]:
    """Given and family name without case, accents, spaces or marks, for comparison only."""
    return _fold(text(values, "given_name")), _fold(text(values, "family_name"))


def _fold(value: str | None) -> str:
    decomposed = unicodedata.normalize("NFKD", value or "").casefold()
    return "".join(letter for letter in decomposed if letter.isalnum())


def _contradicted(directory: Directory, pair: tuple[str, str]) -> bool:
    """Two birth dates that differ are two people, whatever they share."""
    dates = {
        date
        for user in pair
        if (born := directory[Kind.DEMOGRAPHICS].get(user))
        and (date := text(born.values, "birth_date"))
    }
    return len(dates) > 1


def _pair(
    directory: Directory, enrolled: Counter[str | None], pair: tuple[str, str], what: set[str]
) -> Pair:
    keep, lose = sorted(pair, key=lambda user: (-enrolled[user], user))
    words = "both" if len(what) == 2 else next(iter(what))
    same = "same name, birth date and email" if words == "both" else f"same {words}"
    return Pair(
        keep=keep,
        lose=lose,
        role=group_of(directory[Kind.USER][keep].values),
        score=SCORES[words],
        evidence=f"{same}; {enrolled[keep]} and {enrolled[lose]} enrollments",
    )
