"""Every guard, broken on purpose, is caught: by the check that says what the guard is for."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from sqlalchemy.exc import DatabaseError

from core import guard_checks as checks
from core.mutation import Mutant
from core.scene import Scene

Check = Callable[[Scene], None]

GENERATION_IN_APPLY = Mutant(
    "rollbook.directory.apply:next_generation",
    "districts.c.id == district, districts.c.generation == expected",
    "districts.c.id == district",
)

KEPT_BACK = Mutant("rollbook.runs.pauses:kept_back", "if keeps_back(pause, change):", "if False:")

MUTANTS: dict[str, tuple[tuple[Mutant, ...], Check]] = {
    "the generation": (
        (
            Mutant(
                "rollbook.runs.release:refuse_stale",
                "if generation != run.expected_generation:",
                "if False:",
            ),
            GENERATION_IN_APPLY,
        ),
        checks.a_changeset_is_applied_on_its_own_generation,
    ),
    "the version": (
        (
            Mutant(
                "rollbook.directory.apply:_guards",
                "{table}.version = c.before_version",
                "{table}.version != c.before_version",
            ),
        ),
        checks.a_record_is_written_at_the_version_that_was_compared,
    ),
    "the number": (
        (Mutant("rollbook.runs.decide:approve", "if confirm != hold.records:", "if False:"),),
        checks.an_approval_names_the_number,
    ),
    "the digest": (
        (Mutant("rollbook.runs.decide:_refuse_other", "digest != run.digest", "False"),),
        checks.an_approval_names_the_digest,
    ),
    "the age of a changeset": (
        (Mutant("rollbook.runs.release:refuse_stale", "run.expires_at <= at", "False"),),
        checks.a_changeset_grows_too_old,
    ),
    "the age of an approval": (
        (
            Mutant(
                "rollbook.runs.release:reopen_expired",
                "if still_missing(hold, good, frozenset()):",
                "if False:",
            ),
        ),
        checks.an_approval_grows_too_old,
    ),
    "one decision": (
        (Mutant("rollbook.runs.decide:decidable", "if hold.state not in UNDECIDED:", "if False:"),),
        checks.a_hold_is_decided_once,
    ),
    "the order of deltas": (
        (
            Mutant(
                "rollbook.sources.oneroster_csv.delta:complete",
                "if newest and late:",
                "if False:",
            ),
        ),
        checks.a_delta_that_comes_late_is_refused,
    ),
    "superseding": (
        (
            Mutant(
                "rollbook.runs.prepare:save_changeset",
                "supersede_waiting(connection, actor, run)",
                "pass",
            ),
        ),
        checks.a_newer_file_supersedes_what_waits,
    ),
    "protected ids": (
        (
            Mutant(
                "rollbook.changes.references:Checking._check_held",
                "or record_id in self._protected[kind]\n",
                "or False\n",
            ),
        ),
        checks.a_bad_row_protects_its_person,
    ),
    "unknown owners": (
        (
            Mutant(
                "rollbook.changes.references:Checking._check_held",
                'or "unknown" in of_owners',
                "or False",
            ),
        ),
        checks.what_belongs_to_an_unknown_person_is_unknown,
    ),
    "the closure": (
        (Mutant("rollbook.changes.waiting:spread", "while len(reached)", "while False"),),
        checks.what_belongs_to_held_people_waits_with_them,
    ),
    "the limit itself": (
        (
            Mutant(
                "rollbook.holds.removals:limit_reached",
                "removals * 100 >= percent * base",
                "removals * 100 > percent * base",
            ),
        ),
        checks.a_limit_trips_when_it_is_reached,
    ),
    "R1": (
        (
            Mutant(
                "rollbook.holds.removals:limit_reached",
                "if removals >= floor and",
                "if False and",
            ),
        ),
        checks.an_approval_names_the_number,
    ),
    "R2": (
        (
            Mutant(
                "rollbook.holds.removals:limit_reached",
                "if kind in caps and removals >= caps[kind]:",
                "if False:",
            ),
        ),
        checks.a_cap_holds_what_no_percentage_does,
    ),
    "R0": (
        (
            Mutant(
                "rollbook.holds.wipe_out:wipe_out",
                "len(positions) >= case.changeset.live.get(scope, 0) > 0",
                "len(positions) > case.changeset.live.get(scope, 0) > 0",
            ),
        ),
        checks.a_wipe_out_is_held_below_every_other_limit,
    ),
    "R6": (
        (
            Mutant(
                "rollbook.holds.surge:surge",
                "len(positions) >= limits.surge_floor",
                "False",
            ),
        ),
        checks.a_surge_is_held,
    ),
    "R8": (
        (
            Mutant(
                "rollbook.snapshots.quality:refuse_poor_quality",
                "if missing >= thresholds.removal_floor and too_many and not shrinks:",
                "if False:",
            ),
        ),
        checks.a_file_that_shrank_is_refused,
    ),
    "R5 of garbled names": (
        (Mutant("rollbook.holds.garbled:is_spoilt", "not was.isascii()", "False"),),
        checks.a_garbled_name_is_held,
    ),
    "R9 of a missing end": (
        (Mutant("rollbook.runs.cut_off:why_cut_off", "if lost and ", "if False and "),),
        checks.an_end_that_is_missing_is_reviewed,
    ),
    "R9 of an older input": (
        (Mutant("rollbook.directory.runs:was_overtaken", "~turned_down,", "turned_down,"),),
        checks.a_file_that_nobody_turned_down_overtakes,
    ),
    "R9 after a change of policy": (
        (
            Mutant(
                "rollbook.runs.review:why_review",
                "if runs.policy_revision_of(connection, district.id) != "
                "district.policy_revision():",
                "if False:",
            ),
        ),
        checks.a_new_policy_is_reviewed,
    ),
    "R9 after a pause": (
        (Mutant("rollbook.runs.review:why_review", "if long is not None:", "if False:"),),
        checks.a_long_pause_is_reviewed,
    ),
    "a pause": (
        (
            Mutant(
                "rollbook.runs.resting:paused_positions",
                "found[sure & (found == FREE)] = number",
                "pass",
            ),
            KEPT_BACK,
        ),
        checks.what_rests_is_not_written,
    ),
    "a pause that has begun since": (
        (KEPT_BACK,),
        checks.what_rests_by_now_is_not_written_either,
    ),
    "a rejection": (
        (
            Mutant(
                "rollbook.runs.release:release",
                "keeps = {h.id for h in all_holds.values() if h.state != HoldState.APPROVED}",
                "keeps = {h.id for h in all_holds.values() if h.state in UNDECIDED}",
            ),
        ),
        checks.what_was_turned_down_is_not_written,
    ),
    "the alias of a merge": (
        (Mutant("rollbook.changes.resolve:resolve", "for merge in merges:", "for merge in ():"),),
        checks.a_merged_person_does_not_come_back,
    ),
    "conflicts of an undo": (
        (Mutant("rollbook.changes.inverse:inverse", "now.version != row.version", "False"),),
        checks.an_undo_does_not_write_over_a_later_run,
    ),
    "later runs that were undone": (
        (
            Mutant(
                "rollbook.changes.inverse:still_standing",
                "write.undo_of == standing[-1]",
                "True",
            ),
        ),
        checks.runs_that_nobody_undid_stay_in_the_way,
    ),
    "read-only": (
        (Mutant("rollbook.desk.desk:Desk.actor", "if self.read_only:", "if False:"),),
        checks.a_read_only_desk_writes_nothing,
    ),
    "the lock": (
        (
            Mutant("rollbook.runs.lock:_lock_file", "fcntl.LOCK_EX", "fcntl.LOCK_SH"),
            Mutant(
                "rollbook.runs.lock:_lock_in_database", "advisory_lock(", "advisory_lock_shared("
            ),
        ),
        checks.one_sync_at_a_time,
    ),
    "the hash of an entry": (
        (Mutant("rollbook.directory.audit:_follow", "or found != expected", "or False"),),
        checks.a_forged_entry_is_found,
    ),
    "passwords": (
        (Mutant("rollbook.snapshots.passwords:blank_passwords", "if is_secret(name)", "if False"),),
        checks.passwords_are_not_kept,
    ),
    "R3": (
        (
            Mutant(
                "rollbook.holds.drip:drip",
                "total = earlier + len(counted[scope])",
                "total = len(counted[scope])",
            ),
        ),
        checks.removals_of_a_day_are_added_up,
    ),
    "what was approved, in R3": (
        (
            Mutant(
                "rollbook.directory.history:note_applied",
                "unseen if seen is None else literal(False)",
                "literal(True)",
            ),
        ),
        checks.an_approved_removal_is_not_counted_again,
    ),
    "what was undone, in R3": (
        (
            Mutant(
                "rollbook.directory.history:losses_since",
                "if row.run not in taken_back",
                "if True",
            ),
        ),
        checks.an_undone_removal_is_not_counted,
    ),
    "R4": (
        (
            Mutant(
                "rollbook.holds.rekey:_back",
                "if kind not in _KINDS or len(removed) < limits.rekey_floor:",
                "if True:",
            ),
        ),
        checks.a_re_key_is_recognised,
    ),
    "one for one": (
        (
            Mutant(
                "rollbook.changes.rekeyed:_pairs",
                "if len(gone[key]) == len(new[key]) == 1:\n"
                "            [old_id], [new_id] = gone[key], new[key]",
                "if True:\n            old_id, new_id = min(gone[key]), min(new[key])",
            ),
        ),
        checks.who_fits_two_is_not_linked,
    ),
    "the number of a re-link": (
        (
            Mutant(
                "rollbook.runs.relink:relink",
                "if confirm != plan.count or not plan.count:",
                "if False:",
            ),
        ),
        checks.a_re_link_names_the_number,
    ),
    "what a re-link does not cover": (
        (
            Mutant(
                "rollbook.changes.rekeyed:taken_over",
                "        return Positions.of(())\n",
                "        return Positions.of(())\n    follows |= columns.of(verb=Verb.REMOVE)\n",
            ),
        ),
        checks.who_leaves_beside_a_re_key_is_held,
    ),
    "R5": (
        (
            Mutant(
                "rollbook.holds.mass_update:_over",
                "return len(positions) >= max(floor, limit * live.get(scope, 0) / 100)",
                "return False",
            ),
        ),
        checks.a_mass_update_is_held,
    ),
    "a column that vanishes": (
        (
            Mutant(
                "rollbook.holds.mass_update:_blanked",
                "if len(positions) * 100 < limits.update_percent * filled:",
                "if True:",
            ),
        ),
        checks.a_column_that_is_missing_is_held,
    ),
    "R7, protected": (
        (
            Mutant(
                "rollbook.runs.facts:_privileged",
                "found = set(district.protected_ids)",
                "found = set()",
            ),
        ),
        checks.a_protected_person_is_held,
    ),
    "R7, administrators": (
        (
            Mutant(
                "rollbook.directory.standing:administrators_among",
                "for batch in batches(ids):",
                "for batch in ():",
            ),
        ),
        checks.an_administrator_is_not_disabled,
    ),
    "two people": (
        (
            Mutant(
                "rollbook.holds.rules:_approvers",
                "if hold.rule in TWO_PEOPLE or (takes and hold.percent >= HALF):",
                "if False:",
            ),
            Mutant(
                "rollbook.holds.removals:_lane_hold",
                "approvers=2 if base and total * 2 >= base else 1",
                "approvers=1",
            ),
        ),
        checks.one_person_is_not_two,
    ),
    "two different people": (
        (
            Mutant("rollbook.runs.approvals:refuse_unfit", "if own is not None:", "if False:"),
            Mutant(
                "rollbook.runs.approvals:still_missing",
                "if hold.single_operator else len(people)",
                "if True else len(people)",
            ),
        ),
        checks.the_same_person_twice_is_not_two,
    ),
    "who changed the policy": (
        (
            Mutant(
                "rollbook.runs.approvals:still_missing",
                "2 if people and people <= changers else hold.approvers",
                "hold.approvers",
            ),
        ),
        checks.who_changed_the_policy_is_not_enough,
    ),
    "two people for a wide limit": (
        (Mutant("rollbook.holds.review:review", "percent > WIDE", "False"),),
        checks.a_wide_limit_is_not_one_persons_word,
    ),
    "one's own record": (
        (Mutant("rollbook.runs.approvals:refuse_unfit", "if not records:", "if True:"),),
        checks.nobody_approves_their_own_leaving,
    ),
    "what carries over": (
        (Mutant("rollbook.runs.carry:carry_over", "wanted <= o.allowed", "True"),),
        checks.one_more_is_not_carried_over,
    ),
    "the age of what carries over": (
        (
            Mutant(
                "rollbook.directory.holds:good_approvals",
                "approvals.c.expires_at > at,",
                "approvals.c.at <= at,",
            ),
        ),
        checks.an_old_approval_is_not_carried_over,
    ),
    "a pause since the approval": (
        (
            Mutant(
                "rollbook.runs.approvals:_not_lapsed",
                "any(row.at < begins <= at for begins in begun)",
                "False",
            ),
        ),
        checks.what_was_approved_before_a_pause_waits,
    ),
    "an approval from the future": (
        (
            Mutant(
                "rollbook.runs.approvals:_not_lapsed",
                "row.at <= at + CLOCK_LEEWAY",
                "True",
            ),
        ),
        checks.an_approval_from_the_future_does_not_count,
    ),
    "half an approval": (
        (
            Mutant(
                "rollbook.directory.holds:spend",
                "if hold.state == HoldState.APPROVED:",
                "if True:",
            ),
        ),
        checks.half_an_approval_is_not_spent_by_another_lane,
    ),
}

IN_THE_STORE = ("the generation", "the version", "one decision", "the lock", "the hash of an entry")
"""The guards that work otherwise, or on another database, where the store is on PostgreSQL."""

ALL_CHECKS = sorted({check for _, check in MUTANTS.values()}, key=lambda check: check.__name__)


def caught(check: Check, scene: Scene) -> bool:
    """Whether a check fails as a check does, or the database itself has the last word.

    Any other error is the mutant's own.
    """
    try:
        check(scene)
    except (AssertionError, pytest.fail.Exception, DatabaseError):
        return True
    return False


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
@pytest.mark.parametrize("check", [*ALL_CHECKS, checks.the_trail_cannot_be_deleted])
def test_the_guard_holds(scene: Scene, check: Check) -> None:
    assert not caught(check, scene)


@pytest.mark.parametrize(
    ("server", "guard"),
    [("sqlite", guard) for guard in MUTANTS] + [("postgresql", guard) for guard in IN_THE_STORE],
    indirect=["server"],
)
def test_the_guard_broken_is_caught(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, guard: str
) -> None:
    mutants, check = MUTANTS[guard]
    for mutant in mutants:
        mutant.put_in(monkeypatch)
    assert caught(check, scene)


@pytest.mark.parametrize("alone", [0, 1])
def test_either_guard_of_the_generation_is_enough(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, alone: int
) -> None:
    """The two stand behind each other: with one of them broken the other one still refuses."""
    mutants, check = MUTANTS["the generation"]
    mutants[alone].put_in(monkeypatch)
    assert not caught(check, scene)


def test_the_trigger_dropped_is_caught(scene: Scene) -> None:
    with scene.desk.store.write() as connection:
        checks.drop_trigger(connection, "audit", "delete")
    assert caught(checks.the_trail_cannot_be_deleted, scene)


def test_a_mutant_whose_line_is_gone_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = Mutant("rollbook.runs.decide:approve", "a line that is not there", "pass")
    with pytest.raises(AssertionError, match="has no longer one"):
        gone.put_in(monkeypatch)


def test_what_is_loaded_while_a_guard_is_broken_is_whole_again() -> None:
    """``delta`` is loaded by the first set of changes, which may be one that a mutant gets."""
    program = """
import pytest
from core.mutation import Mutant

patch = pytest.MonkeyPatch()
place = "rollbook.sources.oneroster_csv.delta_rows:read_delta"
Mutant(place, 'error.code != "header-only"', "True").put_in(patch)
from rollbook.sources.oneroster_csv import delta, delta_rows
broken = delta.read_delta
patch.undo()
assert delta.read_delta is delta_rows.read_delta is not broken
"""
    env = {"PYTHONPATH": ":".join(sys.path)}
    subprocess.run([sys.executable, "-c", program], check=True, env=env)
