from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.holds.cases import case, compared
from core.rollover.rolled_sis import LADDER, graded_sis
from core.rollover.splitting import PLAN, Change, Tell
from core.small_sis import SmallSis
from rollbook.changes.changeset import Changeset
from rollbook.changes.columns import hashes_of
from rollbook.holds.judgement import Raised
from rollbook.holds.rules import judge
from rollbook.rollover.expected_belongings import Families
from rollbook.rollover.expected_plan import ExpectedPlan
from rollbook.rollover.expected_split import Split, Used, split
from rollbook.sources.oneroster_csv import read
from rollbook.sources.roster import Roster


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Callable[[SmallSis], Roster]:
    folder = tmp_path_factory.mktemp("export")

    def read_export(sis: SmallSis) -> Roster:
        return read(sis.write(Path(folder)))

    return read_export


@pytest.fixture
def tell(reading: Callable[[SmallSis], Roster]) -> Tell:
    """What a plan expects of a change of the small district, and what is held then."""

    def told(
        change: Change,
        plan: ExpectedPlan = PLAN,
        *,
        used: Used | None = None,
        disabled: dict[str, str] | None = None,
        before: SmallSis | None = None,
        privileged: frozenset[str] = frozenset(),
        **limits: Any,
    ) -> tuple[Changeset, Split, list[Raised]]:
        before = before or graded_sis()
        after = before.copy()
        change(after)
        changeset = compared(reading, before, after)
        links = [
            (student, guardian)
            for student in before.students()
            for guardian in before.users[student]["agents"].split(",")
        ]
        found = split(
            changeset,
            plan,
            LADDER,
            used=used or {},
            disabled=disabled or {},
            families=Families(*map(hashes_of, zip(*links, strict=True))),
            school_names={},
        )
        judged = replace(case(changeset, **limits), expected=found.expected, privileged=privileged)
        return changeset, found, judge(judged)

    return told
