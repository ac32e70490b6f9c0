"""The list of account changes as CSV: a spreadsheet takes no cell of it for a formula."""

from __future__ import annotations

import csv
from typing import cast

import pytest

from rollbook.desk.account_exports import account_change_lines
from rollbook.desk.account_lists import AccountChangeList
from rollbook.desk.account_views import AccountChangeRow, AccountVerb
from rollbook.desk.views import Lane, RoleGroup


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_name_of_a_person_or_school_is_a_formula(name: str) -> None:
    row = AccountChangeRow(
        seq=1,
        verb=AccountVerb.CREATE,
        account=name,
        person=name,
        label=name,
        role=RoleGroup.STUDENT,
        school="s1",
        school_name=name,
        before=None,
        after={"username": name},
        lane=Lane.HELD,
        hold=None,
    )
    [written] = csv.DictReader(account_change_lines(cast(AccountChangeList, [row]), "csv"))
    for column in ("person", "label", "school_name"):
        assert written[column].startswith("'")
    assert written["after"].startswith("username: ")
