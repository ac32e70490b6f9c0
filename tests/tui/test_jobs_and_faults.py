"""The jobs line's words, and what is written down about a fault."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rollbook.errors import InputRefused, Stale
from rollbook_tui import faults
from rollbook_tui.faults import fault_words, note
from rollbook_tui.jobs import job_words, new_job
from rollbook_tui.screens.base import words_for

AT = datetime(2026, 8, 17, 9, 30, tzinfo=UTC)


def test_a_job_says_how_far_it_is() -> None:
    job = new_job("northfield", "comparing", decides=False)
    assert job_words(job) == "northfield: comparing …"
    assert job_words(replace(job, done=41_200)) == "northfield: comparing 41,200"
    assert job_words(replace(job, done=41_200, total=120_000)) == (
        "northfield: comparing 41,200/120,000"
    )


def test_jobs_have_numbers_of_their_own() -> None:
    assert new_job("a", "b", decides=True).number != new_job("a", "b", decides=True).number


def _fault() -> Exception:
    try:
        raise ValueError("Ada Lovelace")
    except ValueError as error:
        return error


def test_a_fault_is_written_down_without_its_message(tmp_path: Path) -> None:
    path = note(tmp_path, _fault(), AT)
    assert path is not None
    text = path.read_text(encoding="utf-8")
    assert text.startswith("2026-08-17T09:30:00+00:00 ValueError")
    assert "_fault" in text
    assert "Lovelace" not in text
    assert "Lovelace" not in fault_words(_fault(), path)
    note(tmp_path, _fault(), AT)
    assert path.read_text(encoding="utf-8") == text * 2


def test_the_log_does_not_grow_for_ever(tmp_path: Path) -> None:
    (tmp_path / faults.FILE).write_text("x" * (faults.MOST_BYTES + 1))
    path = note(tmp_path, _fault(), AT)
    assert path is not None
    assert path.stat().st_size < 10_000
    assert (tmp_path / "console.old.log").stat().st_size > faults.MOST_BYTES


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    assert note(tmp_path / "nowhere", _fault(), AT) is None
    assert "could not be written down" in fault_words(_fault(), None)


def test_errors_are_headed_by_what_they_are() -> None:
    assert words_for(Stale("x")) == "Stale"
    assert words_for(InputRefused("x", code="c")) == "Input refused"
