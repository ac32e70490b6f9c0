"""Accidents with files: cut, empty, misnamed, from another day."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from rollbook.demo.damage import cut_in_half, empty, header_only, misspell_header
from year.accidents import Accident, Files, Scene, has_several_schools, is_oneroster

_REFUSED = ("refused",)


def _people(scene: Scene) -> str:
    return "students.csv" if scene.profile.source == "clever" else "users.csv"


def _cut_in_a_row(folder: Path, scene: Scene) -> None:
    cut_in_half(folder, _people(scene))


def _cut_after_a_row(file: str, share: float) -> Files:
    def spoil(folder: Path, scene: Scene) -> None:
        path = folder / (file or _people(scene))
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(lines[: 1 + round((len(lines) - 1) * share)]))

    return spoil


def _empty(folder: Path, scene: Scene) -> None:
    empty(folder, _people(scene))


def _header_only(folder: Path, scene: Scene) -> None:
    header_only(folder, "enrollments.csv")


def _typo_in_the_header(folder: Path, scene: Scene) -> None:
    clever = scene.profile.source == "clever"
    header, wrong = ("Student_id", "Studnet_id") if clever else ("sourcedId", "sourceId")
    misspell_header(folder, _people(scene), header, wrong)


def _without(folder: Path, file: str, columns: set[str]) -> None:
    path = folder / file
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    stays = [place for place, column in enumerate(rows[0]) if column not in columns]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[row[place] for place in stays] for row in rows])
    path.write_bytes(text.getvalue().encode())


def _grade_column_gone(folder: Path, scene: Scene) -> None:
    _without(folder, _people(scene), {"grades", "Grade"})


def _username_column_gone(folder: Path, scene: Scene) -> None:
    _without(folder, _people(scene), {"username", "Username"})


def _two_people_with_one_id(folder: Path, scene: Scene) -> None:
    """Every twentieth line has the id of the line before."""
    path = folder / _people(scene)
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    place = rows[0].index("Student_id" if scene.profile.source == "clever" else "sourcedId")
    for number in range(20, len(rows), 20):
        rows[number][place] = rows[number - 1][place]
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode())


def _another_encoding(folder: Path, scene: Scene) -> None:
    path = folder / _people(scene)
    words = path.read_text(encoding="utf-8").encode("cp1252", errors="replace")
    path.write_bytes(words.replace(b"a", b"\xe4", 40))


def _semicolons(folder: Path, scene: Scene) -> None:
    path = folder / _people(scene)
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(rows)
    path.write_bytes(text.getvalue().encode())


FILES = (
    Accident("people cut off within a row", _REFUSED, files=_cut_in_a_row),
    Accident(
        "people cut off after a row, a third missing",
        ("refused", "R1", "R9"),
        files=_cut_after_a_row("", 0.66),
    ),
    Accident(
        "people cut off after a row, a fifth missing",
        ("refused", "R1", "R9"),
        files=_cut_after_a_row("", 0.8),
    ),
    Accident(
        "people cut off after a row, a twentieth missing",
        ("R9",),
        files=_cut_after_a_row("", 0.95),
        of=has_several_schools,
    ),
    Accident(
        "enrollments cut off after a row, a quarter missing",
        ("refused", "R1", "R9"),
        files=_cut_after_a_row("enrollments.csv", 0.75),
    ),
    Accident(
        "enrollments cut off after a row, a twentieth missing",
        ("refused", "R1", "R9"),
        files=_cut_after_a_row("enrollments.csv", 0.95),
    ),
    Accident("an empty file", _REFUSED, files=_empty),
    Accident("a header and no rows", _REFUSED, files=_header_only),
    Accident("a typo in the header", _REFUSED, files=_typo_in_the_header),
    Accident("the grade column gone", ("R5", "C3"), files=_grade_column_gone),
    Accident("the column of user names gone", ("refused", "R5"), files=_username_column_gone),
    Accident("two people with one id", ("refused",), files=_two_people_with_one_id),
    Accident("Windows' encoding", _REFUSED, files=_another_encoding),
    Accident("semicolons", _REFUSED, files=_semicolons, of=is_oneroster),
)
