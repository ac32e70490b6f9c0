"""Every guard of the translation, broken on purpose, is caught by what it is for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.mutation import Mutant
from core.small_sis import SmallSis, small_sis
from core.sources.dialects import test_bad_inputs as bad
from core.sources.dialects.exports import clever, write
from core.sources.dialects.translated import translated
from rollbook.errors import InputRefused
from rollbook.roster.kinds import Kind
from rollbook.sources.normal_form import NormalSet
from rollbook.sources.oneroster_csv import read

Check = Callable[[SmallSis, Path], None]


def a_file_without_rows_is_not_empty_but_silent(sis: SmallSis, tmp_path: Path) -> None:
    drop = write(clever(sis), tmp_path / "drop")
    (drop / "staff.csv").write_bytes(b"School_id,Staff_id,First_name,Last_name\r\n")
    assert Kind.USER in translated("clever-csv", drop, tmp_path).roster.complete
    (drop / "teachers.csv").write_bytes(b"School_id,Teacher_id,First_name,Last_name\r\n")
    with pytest.raises(InputRefused, match="no rows"):
        translated("clever-csv", drop, tmp_path)


def a_finding_is_told_by_its_row(sis: SmallSis, tmp_path: Path) -> None:
    bad.test_a_date_that_is_none_is_told_with_the_sources_name_of_its_column(sis, tmp_path)


def a_student_and_a_teacher_of_one_id_and_name_are_nobody(sis: SmallSis, tmp_path: Path) -> None:
    files = clever(sis)
    student, teacher = files["students.csv"][0], files["teachers.csv"][0]
    teacher |= {"Teacher_id": student["Student_id"], "Teacher_email": student["Student_email"]}
    teacher |= {c: student[c] for c in ("First_name", "Last_name", "Username")}
    found = bad.of_clever(files, tmp_path)
    assert student["Student_id"] in found.roster.protected[Kind.USER]


def line_breaks_make_no_rows(sis: SmallSis, tmp_path: Path) -> None:
    with NormalSet(tmp_path / "set") as normal:
        origin = normal.origin("schools.csv")
        normal.open("orgs.csv", [])
        normal.add("orgs.csv", {"sourcedId": "s1", "name": "A\nB", "type": "school"}, origin)
    assert (tmp_path / "set" / "orgs.csv").read_bytes().count(b"\n") == 2


def a_set_that_broke_off_is_none(sis: SmallSis, tmp_path: Path) -> None:
    def break_off() -> None:
        with NormalSet(tmp_path / "set") as normal:
            normal.open("orgs.csv", [])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    with pytest.raises(InputRefused, match=r"no manifest\.csv"):
        read(tmp_path / "set")


def a_missing_file_is_named(sis: SmallSis, tmp_path: Path) -> None:
    bad.test_a_file_that_is_missing_is_named("clever-csv", sis, tmp_path)


_FORM = "rollbook.sources.normal_form"
_MAPPED = "rollbook.sources.mapped_csv"

MUTANTS: dict[str, tuple[Mutant, Check]] = {
    "a row that cannot be read": (
        Mutant(
            f"{_FORM}.source_file:SourceFile._set_aside",
            "in () if self._quiet else self._fed",
            "in ()",
        ),
        bad.test_a_row_that_is_cut_protects_everybody_of_its_file,
    ),
    "rows that disagree": (
        Mutant(
            f"{_MAPPED}.people:_merged",
            'all(not cell or known.user.get(n) in ("", None, cell) for n, cell in own.items())',
            "True",
        ),
        bad.test_rows_of_a_student_that_disagree_set_the_student_aside,
    ),
    "two people under one id": (
        Mutant(f"{_MAPPED}.people:write_people", "role_group(row.role)", "''"),
        a_student_and_a_teacher_of_one_id_and_name_are_nobody,
    ),
    "a header without rows": (
        Mutant(f"{_FORM}.source_file:SourceFile.__enter__", " or not self._may_be_empty", ""),
        a_file_without_rows_is_not_empty_but_silent,
    ),
    "a file under two names": (
        Mutant(f"{_MAPPED}.source_files:found_files", "if len(paths) > 1:", "if False:"),
        bad.test_two_spellings_of_a_file_are_refused,
    ),
    "a file that is missing": (
        Mutant(
            f"{_MAPPED}.source_files:found_files",
            "elif not paths and not may_be_missing:",
            "elif False:",
        ),
        a_missing_file_is_named,
    ),
    "a file that came last time": (
        Mutant(
            f"{_MAPPED}.source_files:found_files",
            "elif may_be_missing and file in normal.had_last:",
            "elif False:",
        ),
        bad.test_a_file_that_may_be_missing_may_not_go_missing,
    ),
    "a column that came last time": (
        Mutant(
            f"{_MAPPED}.translate:_Work._holds", "if part in self.normal.had_last:", "if False:"
        ),
        bad.test_columns_that_people_are_made_of_may_not_go_missing,
    ),
    "where a row came from": (
        Mutant(f"{_FORM}.origins:Origins.of", "(line - _FIRST_LINE) * _PAIR", "line * _PAIR"),
        a_finding_is_told_by_its_row,
    ),
    "line breaks": (
        Mutant(
            f"{_FORM}.normal_set:_on_one_line", 'if "\\n" in cell or "\\r" in cell:', "if False:"
        ),
        line_breaks_make_no_rows,
    ),
    "a set that broke off": (
        Mutant(f"{_FORM}.normal_set:NormalSet.__exit__", "if kind is None:", "if True:"),
        a_set_that_broke_off_is_none,
    ),
}


@pytest.mark.parametrize("guard", MUTANTS)
def test_a_broken_guard_is_caught(
    guard: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant, check = MUTANTS[guard]
    check(small_sis(1, 4, classes=2), tmp_path / "whole")
    mutant.put_in(monkeypatch)
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - a check may fail in any way
        check(small_sis(1, 4, classes=2), tmp_path / "broken")
    assert not isinstance(caught.value, KeyboardInterrupt | SystemExit)
