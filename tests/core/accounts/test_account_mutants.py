"""Every guard of the accounts, broken on purpose, is caught by the check that says its purpose."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.accounts import checks
from core.mutation import Mutant
from core.scene import Scene
from core.test_mutants import caught

MUTANTS: dict[str, tuple[Mutant, Callable[[Scene], None]]] = {
    "the ledger is asked": (
        Mutant(
            "rollbook.runs.given_names:GivenNames.others",
            "if self.empty:",
            "if True:",
        ),
        checks.no_name_goes_to_a_second_person,
    ),
    "names given in this run": (
        Mutant(
            "rollbook.runs.given_names:GivenNames.give",
            "self._given[namespace].add(xxh3_64_intdigest(name_key(name).encode()))",
            "pass",
        ),
        checks.no_two_newcomers_get_one_name,
    ),
    "a name of somebody else": (
        Mutant(
            "rollbook.directory.account_changes:_Sql.give",
            "AND n.name = {key} AND n.account = c.account)",
            "AND n.name = {key})",
        ),
        checks.a_name_given_meanwhile_is_not_given_twice,
    ),
    "suspended before deleted": (
        Mutant(
            "rollbook.directory.account_changes:_Sql.change",
            'same = " AND ".join(map(self._same, fields))',
            'same = "1 = 1"; verb = AccountVerb.SUSPEND',
        ),
        checks.only_a_suspended_account_is_deleted,
    ),
    "nobody who is here": (
        Mutant("rollbook.directory.account_changes:_Sql.change", " + _NOT_HERE", ""),
        checks.nobody_who_is_here_loses_the_account,
    ),
    "nobody who is here is due": (
        Mutant("rollbook.directory.accounts:_deletable", "not_(here),", ""),
        checks.nobody_who_is_here_is_due,
    ),
    "only suspended ones are due": (
        Mutant(
            "rollbook.directory.accounts:_deletable",
            "accounts.c.state == AccountState.SUSPENDED,",
            "",
        ),
        checks.an_active_account_is_not_due,
    ),
    "two people for a purge": (
        Mutant("rollbook.holds.account_rules:deletions", "approvers=2", "approvers=1"),
        checks.two_people_delete,
    ),
    "C1": (
        Mutant(
            "rollbook.holds.account_rules:_rename_limit",
            "if _reached(renamed, active, floor, percent):",
            "if False:",
        ),
        checks.a_mass_rename_waits,
    ),
    "the limit of C1": (
        Mutant("rollbook.holds.account_rules:_reached", "number >= floor", "number > floor"),
        checks.five_of_thirty_two_are_many,
    ),
    "C2": (
        Mutant(
            "rollbook.holds.account_rules:account_holds",
            "_reached(moved, active, limits.move_floor, limits.move_percent)",
            "False",
        ),
        checks.a_mass_move_waits,
    ),
    "C8": (
        Mutant(
            "rollbook.runs.account_taking:is_sudden",
            "return not due and any(",
            "return False and (",
        ),
        checks.a_lost_list_suspends_nobody,
    ),
    "the seats of a group": (
        Mutant(
            "rollbook.runs.account_lanes:AccountLanes._lane",
            "seats = self._seats.of(planned.person)",
            "pass",
        ),
        checks.groups_wait_for_their_seats,
    ),
    "a list that cannot be read": (
        Mutant(
            "rollbook.runs.account_planning:_derive",
            "if plan.unread is None:\n                    made",
            "if True:\n                    made",
        ),
        checks.accounts_wait_for_their_list,
    ),
    "C1 of several nights": (
        Mutant(
            "rollbook.holds.account_rules:_after_earlier",
            "for window in earlier:",
            "for window in ():",
        ),
        checks.a_drip_of_renames_waits,
    ),
    "the accounts of others": (
        Mutant("rollbook.runs.account_people:affected", "if own_only:", "if False:"),
        checks.a_merge_lets_no_policy_in,
    ),
    "the lane of an account": (
        Mutant(
            "rollbook.runs.account_lanes:AccountLanes._lane",
            "if planned.position != NO_CHANGE:",
            "if False:",
        ),
        checks.an_account_waits_with_the_record,
    ),
    "the hold of an account": (
        Mutant(
            "rollbook.runs.account_lanes:AccountLanes._waits",
            "holds += [one.hold for one in self._holds if one.keeps(cell)]",
            "pass",
        ),
        checks.a_mass_rename_waits,
    ),
    "the pause of an account": (
        Mutant("rollbook.runs.account_pauses:pause_of", "if any(", "if False and any("),
        checks.an_account_rests_with_a_pause,
    ),
    "who waits": (
        Mutant(
            "rollbook.directory.account_changes:settle",
            "wait(connection, district, people)",
            "pass",
        ),
        checks.what_waits_is_asked_for_again,
    ),
    "the digest": (
        Mutant("rollbook.runs.account_plan:AccountPlan.digest", "if not len(self):", "if True:"),
        checks.the_digest_covers_the_accounts,
    ),
    "the account as it was found": (
        Mutant(
            "rollbook.directory.account_changes:_Sql.change",
            'same = " AND ".join(map(self._same, fields))',
            'same = "1 = 1"',
        ),
        checks.what_was_shown_is_what_is_applied,
    ),
    "who has an id by now": (
        Mutant(
            "rollbook.runs.account_planning:_accounts",
            "left_behind[person] = accounts.pop(person)",
            "pass",
        ),
        checks.a_stranger_gets_no_account_of_another,
    ),
    "C9": (
        Mutant("rollbook.holds.used_again:used_again", "if not len(places):", "if True:"),
        checks.a_stranger_waits,
    ),
    "with C9": (
        Mutant("rollbook.runs.with_strangers:what_is_theirs", "if not len(updates):", "if True:"),
        checks.what_is_theirs_waits_with_a_stranger,
    ),
    "back in use under a name that waits": (
        Mutant(
            "rollbook.runs.account_holds:Keeping.keeps",
            "if cell.renamed and verb is AccountVerb.REACTIVATE:",
            "if False:",
        ),
        checks.nobody_is_back_under_a_name_that_waits,
    ),
    "what is due": (
        Mutant(
            "rollbook.runs.account_rest:accounts_settled",
            "return not accounts.to_suspend(connection, district.id, today)",
            "return True",
        ),
        checks.what_is_due_is_not_slept_through,
    ),
}

ALL_CHECKS = sorted({check for _, check in MUTANTS.values()}, key=lambda check: check.__name__)


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
@pytest.mark.parametrize("check", ALL_CHECKS)
def test_the_guard_holds(accounts_scene: Scene, check: Callable[[Scene], None]) -> None:
    assert not caught(check, accounts_scene)


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
@pytest.mark.parametrize("guard", MUTANTS)
def test_the_guard_broken_is_caught(
    accounts_scene: Scene, monkeypatch: pytest.MonkeyPatch, guard: str
) -> None:
    mutant, check = MUTANTS[guard]
    mutant.put_in(monkeypatch)
    assert caught(check, accounts_scene)
