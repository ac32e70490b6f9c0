"""Sets that are not fit to be compared: refused, with where and what to do about it.

The ids begin with the item of the bad-input corpus (``safety.md`` §4.10).
"""

from __future__ import annotations

import codecs
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from rollbook.errors import InputRefused
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.encoding import not_utf8
from rollbook.sources.oneroster_csv.table import LINE_LIMIT, Table

from .small_set import SmallSet


@dataclass(frozen=True)
class Refusal:
    """A change to the set, and how it must be refused."""

    name: str
    change: Callable[[SmallSet], object]
    code: str
    file: str = "users.csv"
    line: int | None = None
    field: str | None = None
    says: str = ""


def _users(change: Callable[[str], str]) -> Callable[[SmallSet], None]:
    """Change the text of ``users.csv``."""
    return lambda small: small.overwrite("users", change(small.text("users")))


def _raw(change: Callable[[bytes], bytes]) -> Callable[[SmallSet], None]:
    """Change the bytes of ``users.csv``."""

    def apply(small: SmallSet) -> None:
        small.raw["users"] = change(small.text("users").encode())

    return apply


def _delimited(delimiter: str) -> Callable[[SmallSet], None]:
    return _users(lambda text: text.replace(",", delimiter))


def _cycle(small: SmallSet) -> None:
    small.set("orgs", "district-1", "parentSourcedId", "school-2")


def _own_parent(small: SmallSet) -> None:
    small.set("orgs", "school-2", "parentSourcedId", "school-2")


def _extension_twice(small: SmallSet) -> None:
    small.add_column("users", "metadata.a")
    small.add_column("users", "metadata.a")


def _two_to_delete(small: SmallSet) -> None:
    small.set("users", "student-2", "status", "tobedeleted")
    small.set("users", "parent-1", "status", "ToBeDeleted")


def _long_line(text: str) -> str:
    return text + "x" * (LINE_LIMIT + 5)


CASES = [
    Refusal("01-zero-byte", _raw(lambda _: b""), "empty-file", line=1),
    Refusal("01-blank-lines-only", _raw(lambda _: b"\n\r\n ,,\n"), "empty-file", line=1),
    Refusal(
        "01-manifest-zero-byte",
        lambda s: s.raw.update(manifest=b""),
        "empty-file",
        "manifest.csv",
        1,
    ),
    Refusal("02-header-only", _users(lambda t: t.split("\n")[0]), "header-only", line=1),
    Refusal(
        "02-header-and-blank-rows",
        _users(lambda t: t.split("\n")[0] + "\n\n,,,\n"),
        "header-only",
        line=1,
    ),
    Refusal("03-file-missing", lambda s: s.rows.pop("courses"), "missing-file", "courses.csv"),
    Refusal("05-cut-in-a-row", _users(lambda t: t[:-40]), "truncated", line=5),
    Refusal("05-cut-in-an-id", _users(lambda t: t + "stud"), "truncated", line=6),
    Refusal(
        "06-cut-in-a-quoted-cell",
        _users(lambda t: t + 'student-3,,,true,"school-1,sch'),
        "truncated",
        line=6,
    ),
    Refusal(
        "06-cut-after-a-quote", _users(lambda t: t + 'student-3,,,true,"'), "truncated", line=6
    ),
    Refusal(
        "11-byte-order-mark-in-the-middle",
        _users(lambda t: t + "\ufeff" + t),
        "byte-order-mark",
        line=6,
    ),
    Refusal(
        "11-joined-without-a-second-header",
        _users(lambda t: t + "\ufeff" + t.splitlines()[1] + "\n"),
        "byte-order-mark",
        line=6,
    ),
    Refusal(
        "11-joined-without-a-line-end",
        _users(lambda t: t.rstrip("\n") + "\ufeff" + t),
        "byte-order-mark",
        line=5,
    ),
    Refusal(
        "12-utf-16-le",
        _raw(lambda b: codecs.BOM_UTF16_LE + b.decode().encode("utf-16-le")),
        "utf-16",
        line=1,
    ),
    Refusal(
        "12-utf-16-be",
        _raw(lambda b: codecs.BOM_UTF16_BE + b.decode().encode("utf-16-be")),
        "utf-16",
        line=1,
    ),
    Refusal(
        "12-utf-16-of-other-letters",
        _raw(lambda _: codecs.BOM_UTF16_LE + "学校,名前\n".encode("utf-16-le")),
        "utf-16",
        line=1,
    ),
    Refusal(
        "12-utf-16-without-mark", _raw(lambda b: b.decode().encode("utf-16-le")), "utf-16", line=1
    ),
    Refusal(
        "13-cp1252",
        _raw(lambda b: b.replace(b"Ada", b"Ad\xe9")),
        "not-utf8",
        line=2,
        says="byte 235 ",
    ),
    Refusal(
        "13-cp1252-lone-cr",
        _raw(lambda b: b.replace(b"Cho", b"Ch\xf6").replace(b"\n", b"\r")),
        "not-utf8",
        line=4,
        says="cp1252",
    ),
    Refusal(
        "13-cut-in-a-letter",
        _raw(lambda b: b + b"student-3,,,true,school-1,student,\xc3"),
        "truncated",
        line=6,
    ),
    Refusal("21-stray-quote", _users(lambda t: t.replace(",Ada,", ',"Ada,')), "open-quote", line=2),
    Refusal(
        "21-line-break-in-a-quoted-cell",
        _users(lambda t: t.replace(",Ben,", ',"Ben\nny",')),
        "open-quote",
        line=3,
    ),
    Refusal(
        "21-line-break-in-a-cell",
        _users(lambda t: t.replace("\n", "\r\n").replace(",Ben,", ",Ben\nny,")),
        "line-break",
        line=3,
    ),
    Refusal(
        "21-text-after-a-quoted-header",
        _users(lambda t: t.replace("sourcedId", '"sourcedId"x', 1)),
        "bad-header",
        line=1,
    ),
    Refusal("21-quote-in-the-header", _users(lambda t: '"' + t), "open-quote", line=1),
    Refusal("22-semicolons", _delimited(";"), "delimiter", line=1, says="semicolons"),
    Refusal("22-tabs", _delimited("\t"), "delimiter", line=1, says="tabs"),
    Refusal("22-bars", _delimited("|"), "delimiter", line=1, says="bars"),
    Refusal(
        "23-duplicate-header",
        lambda s: s.rename("users", "phone", "sms"),
        "duplicate-header",
        line=1,
        field="sms",
        says="sms is there twice. Keep",
    ),
    Refusal(
        "23-duplicate-extension",
        _extension_twice,
        "duplicate-header",
        line=1,
        field="metadata.a",
        says="metadata.a is there twice. Keep",
    ),
    Refusal(
        "23-old-and-new-name",
        lambda s: s.add_column("users", "grade", "09"),
        "duplicate-header",
        line=1,
        field="grade",
        says="grades and grade",
    ),
    Refusal(
        "24-blank-header",
        lambda s: s.rename("users", "phone", " "),
        "blank-header",
        line=1,
        says="Column 15 ",
    ),
    Refusal("24-comma-at-the-end", lambda s: s.add_column("users", ""), "blank-header", line=1),
    Refusal(
        "27-misspelt-id",
        lambda s: s.rename("users", "sourcedId", "sourceId"),
        "missing-header",
        line=1,
        field="sourcedId",
        says="column sourceId: did you mean sourcedId",
    ),
    Refusal(
        "27-misspelt-required",
        lambda s: s.rename("users", "enabledUser", "enableUser"),
        "missing-header",
        line=1,
        field="enabledUser",
        says="did you mean enabledUser",
    ),
    Refusal(
        "27-required-not-there",
        lambda s: s.drop_column("users", "familyName"),
        "missing-header",
        line=1,
        field="familyName",
    ),
    Refusal(
        "27-another-files-column-is-no-misspelling",
        lambda s: s.rename("classes", "courseSourcedId", "orgSourcedId"),
        "missing-header",
        "classes.csv",
        1,
        "courseSourcedId",
        "Have the export write the column courseSourcedId.",
    ),
    Refusal(
        "27-no-header-at-all",
        _users(lambda t: t.partition("\n")[2]),
        "missing-header",
        line=1,
        field="sourcedId",
        says="no header",
    ),
    Refusal("31-line-too-long", _users(_long_line), "line-too-long", line=6),
    Refusal(
        "31-only-line-too-long", _raw(lambda _: b"x" * (LINE_LIMIT + 5)), "line-too-long", line=1
    ),
    Refusal(
        "45-org-cycle",
        _cycle,
        "org-cycle",
        "orgs.csv",
        2,
        "parentSourcedId",
        "district-1 → school-2 → district-1",
    ),
    Refusal("45-own-parent", _own_parent, "org-cycle", "orgs.csv", 4, "parentSourcedId"),
    Refusal(
        "58-tobedeleted",
        _two_to_delete,
        "status-in-bulk",
        line=3,
        field="status",
        says="2 rows",
    ),
    Refusal(
        "58-inactive",
        lambda s: s.set("enrollments", "enroll-3", "status", "inactive"),
        "status-in-bulk",
        "enrollments.csv",
        4,
        "status",
        "1 row ",
    ),
    Refusal(
        "59-delta",
        lambda s: s.set("manifest", "file.enrollments", "value", "delta"),
        "delta-mode",
        "manifest.csv",
        9,
        "file.enrollments",
        "bulk",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_set_is_refused_with_place_and_remedy(case: Refusal, tmp_path: Path) -> None:
    small = SmallSet()
    case.change(small)
    with pytest.raises(InputRefused) as refused:
        small.read(tmp_path / "set")
    error = refused.value
    assert (error.code, error.file, error.line, error.field) == (
        case.code,
        case.file,
        case.line,
        case.field,
    )
    assert error.message
    assert error.remedy
    assert case.says in str(error)
    assert "None" not in str(error)
    assert "Ada" not in str(error)
    assert "Lind" not in str(error)


def test_40_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path) -> None:
    small = SmallSet()
    path = small.write(tmp_path) / "users.csv"
    with Table(path, Findings()) as table:
        rows = table.rows()
        next(rows)
        path.write_text(small.text("users").replace("Cho", "Joe"))
        with pytest.raises(InputRefused) as refused:
            list(rows)
    assert (refused.value.code, refused.value.file) == ("moved", "users.csv")
    assert refused.value.remedy


def test_40_a_file_that_decodes_after_all_has_changed(tmp_path: Path) -> None:
    path = SmallSet().write(tmp_path) / "users.csv"
    assert not_utf8(path).code == "moved"


def test_31_a_line_of_200_megabytes_is_refused_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    with path.open("wb") as file:
        file.write(b"sourcedId\n")
        file.seek(200 << 20)
        file.write(b"\n")
    tracemalloc.start()
    try:
        with pytest.raises(InputRefused) as refused, Table(path, Findings()):
            pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (refused.value.code, refused.value.line) == ("line-too-long", 2)
    assert peak < 32 << 20
