"""Items 31 and 32: one line that is too long to be held, and more rows than memory should take."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from bad_inputs.district import good_sis

ROWS = int(os.environ.get("BAD_INPUT_ROWS", "300000"))
"""Rows of the generated file; the corpus says ten million, by hand."""

PER_ROW = 512
"""Bytes of memory that a row may take: ten million stay under 6 GB."""

BASE = 256 << 20
"""Bytes of address space that the interpreter and what it loads may take."""

ROOT = Path(__file__).parent.parent.parent

_READ = """
import sys
from pathlib import Path
from rollbook.errors import InputRefused
from rollbook.sources.oneroster_csv import read
try:
    roster = read(Path(sys.argv[1]))
    print(sum(len(records) for records in roster.records.values()))
except InputRefused as error:
    print(error.code)
"""


def _read_apart(folder: Path, limit: int) -> subprocess.CompletedProcess[str]:
    """Read in a process that may have ``limit`` bytes; it prints records, or a refusal's code."""

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    return subprocess.run(
        [sys.executable, "-c", _READ, str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "core")},
        capture_output=True,
        encoding="utf-8",
        preexec_fn=bound,
        check=False,
    )


def _with_rows(folder: Path, role: str) -> Path:
    """The good set with ``ROWS`` more enrollments."""
    good_sis().write(folder)
    with (folder / "enrollments.csv").open("a", encoding="utf-8", newline="") as file:
        for number in range(ROWS):
            file.write(f"more-{number},,,c-s1-1,s1,s1-20,{role},,,\r\n")
    return folder


def test_32_memory_grows_with_the_rows_and_no_more(tmp_path: Path) -> None:
    done = _read_apart(_with_rows(tmp_path / "set", "student"), BASE + PER_ROW * ROWS)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > ROWS


def test_32_a_file_of_bad_rows_takes_no_more(tmp_path: Path) -> None:
    done = _read_apart(_with_rows(tmp_path / "set", "wizard"), BASE + PER_ROW * ROWS)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 2000


def test_32_the_limit_is_felt(tmp_path: Path) -> None:
    """With an eighth of it for the rows, the same reading does not come to an end."""
    done = _read_apart(_with_rows(tmp_path / "set", "student"), BASE // 8 + PER_ROW * ROWS // 8)
    assert done.returncode != 0


@pytest.mark.parametrize("first", [True, False], ids=["in-place-of-a-header", "after-a-header"])
def test_31_a_line_of_200_megabytes_is_refused_without_being_held(
    first: bool, tmp_path: Path
) -> None:
    folder = good_sis().write(tmp_path / "set")
    path = folder / "users.csv"
    header = b"" if first else path.read_bytes().splitlines(keepends=True)[0]
    with path.open("wb") as file:
        file.write(header)
        for _ in range(200):
            file.write(b"x" * (1 << 20))
    done = _read_apart(folder, BASE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "line-too-long"
