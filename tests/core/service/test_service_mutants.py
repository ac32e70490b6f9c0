"""Every guard of a service, broken on purpose, is caught by the test that says what it is for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.exc import DatabaseError

from core.mutation import Mutant
from core.scene import Scene
from core.service import test_arrivals as arrivals
from core.service import test_clock_jumps as jumps
from core.service import test_slots as slots

CLAIMS, DESK = "rollbook.runs.slot_claims", "rollbook.desk.schedules"

MUTANTS: dict[str, tuple[tuple[Mutant, ...], Callable[[Scene], None]]] = {
    "each slot once": (
        (Mutant(f"{CLAIMS}:_due", "not in claimed", "not in ()"),),
        slots.test_a_clock_that_is_set_back_doubles_nothing_and_loses_nothing,
    ),
    "nothing lost by a clock that was ahead": (
        (Mutant(f"{CLAIMS}:begins_anew", "changed or row.done_until > now", "changed"),),
        slots.test_a_clock_that_is_set_back_doubles_nothing_and_loses_nothing,
    ),
    "one run for all that was missed": (
        (Mutant(f"{CLAIMS}:claim_due", "schedules.advance(connection, row, due.due)", "True"),),
        slots.test_what_was_missed_is_made_up_for_once,
    ),
    "a changed schedule begins anew": (
        (
            Mutant(
                f"{CLAIMS}:begins_anew",
                "row.revision != district.schedule.revision(district.timezone)",
                "False",
            ),
        ),
        slots.test_a_schedule_that_is_new_or_changed_begins_now,
    ),
    "the work of the living": (
        (
            Mutant(f"{CLAIMS}:_once_more", "is_alive(other)", "False"),
            Mutant(f"{DESK}:outlook", "AGAIN_AFTER * (slot.service in alive)", "AGAIN_AFTER * 0"),
        ),
        slots.test_what_a_dead_service_left_is_read_by_another,
    ),
    "no death without end": (
        (Mutant(f"{CLAIMS}:_once_more", "row.tries >= MOST_TRIES", "False"),),
        slots.test_a_slot_over_which_services_die_is_given_up,
    ),
    "blackouts": (
        (
            Mutant(
                f"{CLAIMS}:claim_due",
                "blackout_end(schedule_of(district), district.timezone, actor.at) is not None",
                "False",
            ),
            Mutant(f"{DESK}:outlook", "over is not None and", "False and"),
        ),
        slots.test_nothing_is_read_in_a_blackout_and_once_after_it,
    ),
    "an arrival once": (
        (
            Mutant(f"{CLAIMS}:claim_arrival", "row.arrival == arrival or ", ""),
            Mutant(
                "rollbook.service.arrivals:Arrivals.settled",
                "arrival if last_arrival(desk, district.id) != arrival else None",
                "arrival",
            ),
        ),
        arrivals.test_two_services_see_one_arrival,
    ),
    "files that settle": (
        (
            Mutant(
                "rollbook.service.arrivals:Arrivals.settled",
                "if not is_remote(district) and arrival != before:",
                "if False:",
            ),
        ),
        arrivals.test_files_that_grow_are_not_read,
    ),
    "the lost lock": (
        (Mutant("rollbook.desk.services:refuse_lost", "if not is_alive", "if False and is_alive"),),
        slots.test_a_service_that_is_taken_for_dead_stops,
    ),
    "approvals from before a jump": (
        (
            Mutant(
                "rollbook.runs.approvals:_not_lapsed",
                "and (row.hold, row.who, row.at) not in voided",
                "",
            ),
        ),
        jumps.test_the_first_of_two_has_to_be_given_again_too,
    ),
}


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
@pytest.mark.parametrize("guard", MUTANTS)
def test_the_guard_broken_is_caught(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, guard: str
) -> None:
    mutants, check = MUTANTS[guard]
    for mutant in mutants:
        mutant.put_in(monkeypatch)
    with pytest.raises((AssertionError, pytest.fail.Exception, DatabaseError)):
        check(scene)
