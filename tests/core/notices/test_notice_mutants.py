"""Every guard of the notices, broken on purpose, is caught by the test that says what it is for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.mutation import Mutant
from core.notices import test_sending as sending
from core.notices import test_telling as telling
from core.notices.conftest import Told

GATHERING, OUTBOX = "rollbook.notices.gathering", "rollbook.directory.outbox"

MUTANTS: dict[str, tuple[Mutant, Callable[[Told], None]]] = {
    "once": (
        Mutant(
            f"{GATHERING}:_gather_of", "if alarm is None:", "if new.append(found) or not alarm:"
        ),
        telling.test_a_hold_is_told_once_with_its_numbers_and_then_in_the_mornings,
    ),
    "silence": (
        Mutant(
            "rollbook.notices.digests:put_digest",
            "(alarm.quiet_until and alarm.quiet_until > now)",
            "False",
        ),
        telling.test_a_snoozed_hold_keeps_quiet_also_when_a_newer_file_overtakes_it,
    ),
    "decided is over": (
        Mutant(
            f"{GATHERING}:_ended_by_itself",
            ".state == HoldState.SUPERSEDED",
            ".state != HoldState.OPEN",
        ),
        telling.test_what_somebody_has_decided_is_over_without_a_word,
    ),
    "previews": (
        Mutant(f"{GATHERING}:_held", "and not run.preview ", ""),
        telling.test_a_preview_and_a_district_without_notices_are_nobodys_news,
    ),
    "one sender": (
        Mutant(f"{OUTBOX}:claim", "or not is_alive(row.service)", "or True"),
        sending.test_a_mail_that_a_dead_service_was_sending_is_sent_by_another,
    ),
    "sent again": (
        Mutant(f"{OUTBOX}:claim", " or not is_alive(row.service)", ""),
        sending.test_a_mail_that_a_dead_service_was_sending_is_sent_by_another,
    ),
    "one line": (
        Mutant("rollbook.notices.facts:plain", 'in "CZ"', 'in ""'),
        sending.test_a_districts_name_cannot_write_into_the_head_of_a_mail,
    ),
}


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
@pytest.mark.parametrize("guard", MUTANTS)
def test_the_guard_broken_is_caught(
    told: Told, monkeypatch: pytest.MonkeyPatch, guard: str
) -> None:
    mutant, check = MUTANTS[guard]
    mutant.put_in(monkeypatch)
    with pytest.raises((AssertionError, pytest.fail.Exception, ValueError)):
        check(told)
