"""What is odd but plain enough: read as if it were right, with a warning, or kept as it is.

The ids begin with the item of the bad-input corpus (``safety.md`` §4.10).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from rollbook.errors import InputRefused
from rollbook.roster.kinds import Kind
from rollbook.sources.oneroster_csv import read

from .small_set import SmallSet, errors


@dataclass(frozen=True)
class Variant:
    """A change that must not change the records, and the warning that it must give, if any."""

    name: str
    change: Callable[[SmallSet], object]
    code: str | None = None
    file: str = "users.csv"
    line: int | None = 1
    field: str | None = None
    count: int = 1


def _text(change: Callable[[str], str], file: str = "users") -> Callable[[SmallSet], None]:
    return lambda small: small.overwrite(file, change(small.text(file)))


def _cell(file: str, row: str, header: str, cell: str) -> Callable[[SmallSet], None]:
    return lambda small: small.set(file, row, header, cell)


def _rename(file: str, header: str, name: str) -> Callable[[SmallSet], None]:
    return lambda small: small.rename(file, header, name)


def _all(header: str, change: Callable[[str], str]) -> Callable[[SmallSet], None]:
    """Change a column of ``users.csv`` in every row."""

    def apply(small: SmallSet) -> None:
        at = small.rows["users"][0].index(header)
        for row in small.rows["users"][1:]:
            row[at] = change(row[at])

    return apply


def _reorder(small: SmallSet) -> None:
    for rows in small.rows.values():
        for row in rows:
            row.reverse()


def _ends(end: str) -> Callable[[SmallSet], None]:
    def apply(small: SmallSet) -> None:
        for file in small.rows:
            small.overwrite(file, small.text(file, end))

    return apply


def _quoted(small: SmallSet) -> None:
    for file, rows in small.rows.items():
        small.overwrite(file, "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows))


CASES = [
    Variant(
        "04-unknown-file",
        lambda s: s.overwrite("rooms", "a,b\n"),
        "unknown-file",
        "rooms.csv",
        None,
    ),
    Variant("09-no-final-newline", _text(lambda t: t.rstrip("\n"))),
    Variant("10-byte-order-mark", _text(lambda t: "\ufeff" + t)),
    Variant("10-byte-order-mark-in-the-manifest", _text(lambda t: "\ufeff" + t, "manifest")),
    Variant(
        "17-space-after-an-id",
        _cell("users", "student-1", "sourcedId", "student-1 "),
        "outer-space",
        line=2,
        field="sourcedId",
    ),
    Variant(
        "17-no-break-space-at-an-id",
        _all("sourcedId", lambda c: f"\xa0{c}\xa0"),
        "outer-space",
        line=2,
        field="sourcedId",
        count=4,
    ),
    Variant(
        "17-space-at-a-reference",
        _cell("enrollments", "enroll-2", "classSourcedId", " class-1"),
        "outer-space",
        "enrollments.csv",
        3,
        "classSourcedId",
    ),
    Variant(
        "17-space-in-a-list",
        _cell("users", "student-2", "orgSourcedIds", "school-1, school-2"),
        "outer-space",
        line=3,
        field="orgSourcedIds",
    ),
    Variant(
        "17-space-at-a-name",
        _all("familyName", lambda c: f" {c}"),
        "outer-space",
        line=2,
        field="familyName",
        count=4,
    ),
    Variant("20-lone-cr", _ends("\r")),
    Variant("20-crlf", _ends("\r\n")),
    Variant("20-all-cells-quoted", _quoted),
    Variant("25-reordered-columns", _reorder),
    Variant(
        "26-header-case",
        _rename("users", "sourcedId", "SourcedID"),
        "header-variant",
        field="sourcedId",
    ),
    Variant(
        "26-header-space",
        _rename("users", "givenName", " givenName\u200b"),
        "header-variant",
        field="givenName",
    ),
    Variant(
        "26-old-header-grade", _rename("users", "grades", "grade"), "old-header", field="grades"
    ),
    Variant(
        "26-old-header-user-id",
        _rename("users", "userIds", "userId"),
        "old-header",
        field="userIds",
    ),
    Variant(
        "26-old-header-agents",
        _rename("users", "agentSourcedIds", "agents"),
        "old-header",
        field="agentSourcedIds",
    ),
    Variant(
        "26-old-header-school-year",
        _rename("courses", "schoolYearSourcedId", "schoolYearId"),
        "old-header",
        "courses.csv",
        field="schoolYearSourcedId",
    ),
    Variant(
        "26-old-header-birthdate",
        _rename("demographics", "birthDate", "birthdate"),
        "header-variant",
        "demographics.csv",
        field="birthDate",
    ),
    Variant(
        "26-old-header-user-of-demographics",
        _rename("demographics", "sourcedId", "userSourcedId"),
        "old-header",
        "demographics.csv",
        field="sourcedId",
    ),
    Variant(
        "28-extra-column-without-values",
        lambda s: s.add_column("users", "shoeSize"),
        "unknown-column",
        field="shoeSize",
    ),
    Variant(
        "35-flag-case",
        _all("enabledUser", str.upper),
        "case-variant",
        line=2,
        field="enabledUser",
        count=4,
    ),
    Variant(
        "35-word-case",
        _cell("classes", "class-1", "classType", "Scheduled"),
        "case-variant",
        "classes.csv",
        2,
        "classType",
    ),
    Variant(
        "35-status-case",
        _cell("users", "student-1", "status", "Active"),
        "case-variant",
        line=2,
        field="status",
    ),
    Variant("35-status-active", _all("status", lambda _: "active")),
    Variant(
        "34-midnight",
        _cell("academicSessions", "year-2026", "startDate", "2025-08-15T00:00:00.000Z"),
        "date-with-time",
        "academicSessions.csv",
        2,
        "startDate",
    ),
    Variant(
        "34-school-year",
        _cell("academicSessions", "term-fall", "schoolYear", "2025-2026"),
        "school-year",
        "academicSessions.csv",
        3,
        "schoolYear",
    ),
    Variant(
        "34-school-year-short",
        _cell("academicSessions", "term-fall", "schoolYear", "2025/26"),
        "school-year",
        "academicSessions.csv",
        3,
        "schoolYear",
    ),
    Variant(
        "36-null",
        _cell("users", "teacher-1", "middleName", "NULL"),
        "placeholder",
        line=4,
        field="middleName",
    ),
    Variant(
        "36-not-available",
        _cell("users", "teacher-1", "phone", "N/A"),
        "placeholder",
        line=4,
        field="phone",
    ),
    Variant(
        "36-dash-for-a-parent",
        _cell("orgs", "district-1", "parentSourcedId", "-"),
        "placeholder",
        "orgs.csv",
        2,
        "parentSourcedId",
    ),
    Variant(
        "36-null-in-a-list",
        _cell("classes", "class-2", "periods", "NULL"),
        "placeholder",
        "classes.csv",
        3,
        "periods",
    ),
    Variant(
        "36-null-date",
        _cell("enrollments", "enroll-2", "endDate", "null"),
        "placeholder",
        "enrollments.csv",
        3,
        "endDate",
    ),
    Variant("36-blank-that-is-not-empty", _cell("users", "teacher-1", "phone", "  ")),
    Variant("36-blank-flag-that-is-not-empty", _cell("enrollments", "enroll-2", "primary", " ")),
    Variant("36-blank-date-that-is-not-empty", _cell("enrollments", "enroll-2", "endDate", " ")),
    Variant(
        "41-same-row-twice",
        lambda s: s.rows["users"].append(s.row("users", "student-1")),
        "duplicate-row",
        line=6,
    ),
    Variant(
        "29-blank-lines",
        _text(lambda t: t.replace("\nstudent-2", "\n\n ,,\nstudent-2") + "\n"),
        "blank-line",
        line=3,
        count=3,
    ),
    Variant(
        "29-rows-of-blank-cells",
        _text(lambda t: t.replace("\nstudent-2", "\n" + "," * 17 + "\nstudent-2")),
        "blank-line",
        line=3,
    ),
    Variant(
        "35-manifest-value-case",
        _cell("manifest", "file.users", "value", "Bulk"),
        "case-variant",
        "manifest.csv",
        8,
        "value",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_records_are_the_same_and_one_warning_says_so(case: Variant, tmp_path: Path) -> None:
    sound = SmallSet().read(tmp_path / "sound")
    small = SmallSet()
    case.change(small)
    roster = small.read(tmp_path / "odd")
    assert roster.records == sound.records
    assert roster.complete == sound.complete
    assert not any(roster.protected.values())
    if case.code is None:
        assert roster.findings == ()
        return
    [finding] = roster.findings
    assert (finding.severity, finding.code, finding.file) == ("warning", case.code, case.file)
    assert (finding.line, finding.field, finding.count) == (case.line, case.field, case.count)
    assert finding.remedy
    assert "None" not in finding.message + finding.remedy


@pytest.mark.parametrize(
    ("name", "code"), [("Users.CSV", "file-name"), ("users.csv", None)], ids=["other", "right"]
)
def test_26_a_file_name_in_other_case_is_read(name: str, code: str | None, tmp_path: Path) -> None:
    sound = SmallSet().read(tmp_path)
    (tmp_path / "users.csv").rename(tmp_path / name)
    roster = read(tmp_path)
    assert roster.records == sound.records
    assert [f.code for f in roster.findings] == [code] * (code is not None)
    assert name in {facts.name for facts in roster.files}


@pytest.mark.parametrize(
    ("file", "header", "cell", "code"),
    [
        ("enrollments", "classSourcedId", "class-1 ", "outer-space"),
        ("enrollments", "beginDate", " 2025-08-15", "outer-space"),
        ("enrollments", "role", "Student", "case-variant"),
        ("enrollments", "endDate", "2025-12-20T00:00:00Z", "date-with-time"),
        ("academicSessions", "schoolYear", "2026 ", "outer-space"),
        ("academicSessions", "schoolYear", "2025-26", "school-year"),
    ],
)
def test_every_odd_cell_is_counted(
    file: str, header: str, cell: str, code: str, tmp_path: Path
) -> None:
    small = SmallSet()
    row = small.rows[file][1] if file == "enrollments" else small.rows[file][2]
    del small.rows[file][1:]
    small.rows[file] += [row, [f"{row[0]}-again", *row[1:]]]
    sound = small.read(tmp_path / "sound")
    at = small.rows[file][0].index(header)
    for one in small.rows[file][1:]:
        one[at] = cell
    roster = small.read(tmp_path / "odd")
    assert roster.records == sound.records
    [finding] = roster.findings
    assert (finding.code, finding.line, finding.field) == (code, 2, header)
    assert finding.count == 2
    assert finding.message.endswith("Seen 2 times, here first.")


def test_what_is_seen_once_is_said_to_be(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("enrollments", "enroll-2", "role", "STUDENT")
    [finding] = small.read(tmp_path).findings
    assert finding.message.endswith("Seen once.")


def test_04_the_specifications_own_misspelt_file_is_known(tmp_path: Path) -> None:
    small = SmallSet()
    small.rows["manifest"].append(["file.courseResources", "bulk"])
    small.overwrite("courseResourses", "sourcedId\nx\n")
    [finding] = small.read(tmp_path).findings
    assert (finding.code, finding.file) == ("file-name", "courseResourses.csv")
    assert finding.remedy == "Call it courseResources.csv."


def test_18_decomposed_letters_are_joined_in_text_and_ids(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("users", "student-1", "familyName", "Ångström")
    small.set("users", "student-1", "sourcedId", "søn-é")
    small.set("users", "parent-1", "agentSourcedIds", "søn-é")
    small.set("enrollments", "enroll-1", "userSourcedId", "søn-é")
    small.set("demographics", "student-1", "sourcedId", "søn-é")
    composed = small.read(tmp_path / "composed")
    for file in small.rows:
        small.overwrite(file, unicodedata.normalize("NFD", small.text(file)))
    decomposed = small.read(tmp_path / "decomposed")
    assert composed.findings == ()
    assert decomposed.records == composed.records
    assert "søn-é" in decomposed.records[Kind.USER]
    assert [(f.code, f.file, f.line, f.count) for f in decomposed.findings] == [
        ("normalised-text", "users.csv", 2, 2),
        ("normalised-text", "enrollments.csv", 2, 1),
        ("normalised-text", "demographics.csv", 2, 1),
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [("JosÃ©", "mojibake"), ("Ã‰milie", "mojibake"), ("Jos\ufffd", "replacement-character")],
)
def test_14_text_that_lost_its_encoding_is_kept_and_told(
    name: str, code: str, tmp_path: Path
) -> None:
    small = SmallSet()
    small.set("users", "student-2", "givenName", name)
    roster = small.read(tmp_path)
    assert roster.records[Kind.USER]["student-2"].values["given_name"] == name
    [finding] = roster.findings
    assert (finding.code, finding.file, finding.line) == (code, "users.csv", 3)
    assert name not in finding.message


@pytest.mark.parametrize("name", ["Ângela", "SÃO", "José", "Ülkü", "王", "O’Brien"])
def test_14_letters_of_other_languages_are_not_taken_for_damage(name: str, tmp_path: Path) -> None:
    small = SmallSet()
    small.set("users", "student-2", "givenName", name)
    assert small.read(tmp_path).findings == ()


KEPT = {
    "37-formula": "=cmd|' /C calc'!A0",
    "37-at": "@SUM(1+1)*cmd|",
    "37-minus": "-2+3",
    "38-markup": "[bold]Ada[/bold]",
    "38-ansi-escape": "\x1b[31mAda\x1b[0m",
    "67-one-letter": "A",
    "67-three-hundred-letters": "Ada" * 100,
    "67-emoji": "Ada \U0001f469\u200d\U0001f680",
    "67-right-to-left": "\u05d0\u05d3\u05d4 \u0639\u0644\u064a",
    "67-quotes": 'Ada "the first" Lind, jr.',
    "67-null-is-a-name": "Null",
    "15-tab-in-a-name": "Ada\tMay",
    "67-line-separator": "Ada\u2028May",
}


@pytest.mark.parametrize("name", KEPT.values(), ids=KEPT)
def test_text_is_kept_as_it_is(name: str, tmp_path: Path) -> None:
    small = SmallSet()
    small.set("users", "student-1", "givenName", name)
    roster = small.read(tmp_path)
    assert roster.findings == ()
    assert roster.records[Kind.USER]["student-1"].values["given_name"] == name


def test_34_the_first_day_of_1900_is_a_day(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("demographics", "student-1", "birthDate", "1900-01-01")
    roster = small.read(tmp_path)
    assert roster.findings == ()
    assert roster.records[Kind.DEMOGRAPHICS]["student-1"].values["birth_date"] == "1900-01-01"


def test_36_a_placeholder_for_an_expected_id_is_a_blank(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("classes", "class-2", "courseSourcedId", "NULL")
    roster = small.read(tmp_path)
    assert "course_id" not in roster.records[Kind.CLASS]["class-2"].values
    assert [(f.code, f.line) for f in roster.findings] == [("placeholder", 3), ("blank-value", 3)]


def test_04_what_is_no_csv_file_is_passed_over(tmp_path: Path) -> None:
    small = SmallSet()
    small.absent("courses")
    small.write(tmp_path)
    (tmp_path / "courses.csv").mkdir()
    (tmp_path / "orgs.txt").write_text("x")
    assert [f.code for f in read(tmp_path).findings] == ["absent-file"]


def test_04_a_misspelt_file_name_is_told(tmp_path: Path) -> None:
    small = SmallSet()
    small.overwrite("demographic", "x\n")
    [finding] = small.read(tmp_path).findings
    assert (finding.code, finding.file) == ("unknown-file", "demographic.csv")
    assert finding.remedy == "Did you mean demographics.csv?"


def test_22_a_column_may_have_a_semicolon_in_its_name(tmp_path: Path) -> None:
    small = SmallSet()
    small.add_column("users", "metadata.a;b", "1")
    assert small.read(tmp_path).findings == ()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("GIVENNAME", "is called GIVENNAME here"),
        ("givenName\u200b", "characters that cannot be seen stand around the header givenName"),
    ],
)
def test_26_the_warning_says_how_the_header_differs(name: str, says: str, tmp_path: Path) -> None:
    small = SmallSet()
    small.rename("users", "givenName", name)
    [finding] = small.read(tmp_path).findings
    assert says in finding.message


def test_19_ids_that_differ_in_case_only_are_two_records(tmp_path: Path) -> None:
    small = SmallSet()
    small.rows["users"].append(["STUDENT-1", *small.row("users", "student-2")[1:]])
    roster = small.read(tmp_path)
    assert {"student-1", "STUDENT-1"} <= roster.records[Kind.USER].keys()
    assert errors(roster) == []


def test_44_an_org_may_name_a_parent_that_is_not_there(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("orgs", "district-1", "parentSourcedId", "state-1")
    roster = small.read(tmp_path)
    assert roster.records[Kind.ORG]["district-1"].values["parent_id"] == "state-1"
    assert roster.findings == ()


def test_43_an_id_may_stand_for_records_of_two_kinds(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("courses", "course-1", "sourcedId", "class-1")
    roster = small.read(tmp_path)
    assert "class-1" in roster.records[Kind.COURSE]
    assert "class-1" in roster.records[Kind.CLASS]
    assert errors(roster) == []


@pytest.mark.parametrize(
    ("file", "row", "header", "line"),
    [
        ("users", "student-1", "familyName", 2),
        ("users", "teacher-1", "username", 4),
        ("classes", "class-2", "courseSourcedId", 3),
        ("classes", "class-2", "termSourcedIds", 3),
    ],
    ids=["67-mononym", "no-username", "class-without-course", "class-without-term"],
)
def test_a_blank_that_nothing_hangs_on_is_a_warning(
    file: str, row: str, header: str, line: int, tmp_path: Path
) -> None:
    small = SmallSet()
    small.set(file, row, header, "")
    roster = small.read(tmp_path)
    [finding] = roster.findings
    assert (finding.severity, finding.code, finding.file) == (
        "warning",
        "blank-value",
        f"{file}.csv",
    )
    assert (finding.line, finding.field) == (line, header)
    assert row in {i for records in roster.records.values() for i in records}


def test_36_a_placeholder_where_a_value_belongs_is_kept(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("users", "student-1", "familyName", "NULL")
    roster = small.read(tmp_path)
    assert roster.records[Kind.USER]["student-1"].values["family_name"] == "NULL"
    assert [(f.code, f.line, f.field) for f in roster.findings] == [
        ("placeholder-kept", 2, "familyName")
    ]


def test_a_trait_that_onerosters_words_lack_is_left_out(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("demographics", "student-1", "sex", "X")
    small.set("demographics", "student-1", "asian", "Y")
    small.set("demographics", "student-2", "sex", "Male")
    roster = small.read(tmp_path)
    ada = roster.records[Kind.DEMOGRAPHICS]["student-1"].values
    assert "sex" not in ada
    assert "asian" not in ada
    assert roster.records[Kind.DEMOGRAPHICS]["student-2"].values["sex"] == "male"
    assert {(f.code, f.field, f.count) for f in roster.findings} == {
        ("value-left-out", "sex", 1),
        ("value-left-out", "asian", 1),
        ("case-variant", "sex", 1),
    }


def test_words_of_the_sources_own_are_kept(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("orgs", "school-2", "type", "ext:campus")
    small.set("enrollments", "enroll-3", "role", "ext:coach")
    roster = small.read(tmp_path)
    assert roster.records[Kind.ORG]["school-2"].values["type"] == "ext:campus"
    assert roster.records[Kind.ENROLLMENT]["enroll-3"].values["role"] == "ext:coach"
    assert roster.findings == ()


@pytest.mark.parametrize(
    ("file", "row", "line"), [("academicSessions", "term-fall", 3), ("enrollments", "enroll-1", 2)]
)
def test_47_48_a_row_that_ends_before_it_begins_is_read_and_told(
    file: str, row: str, line: int, tmp_path: Path
) -> None:
    small = SmallSet()
    small.set(file, row, "endDate", "2025-01-31")
    [finding] = small.read(tmp_path).findings
    assert (finding.code, finding.severity) == ("dates-reversed", "warning")
    assert (finding.file, finding.line, finding.record_id) == (f"{file}.csv", line, row)


@pytest.mark.parametrize(
    ("begins", "ends"), [("", "2025-01-31"), ("2025-01-31", ""), ("2025-01-31", "2025-01-31")]
)
def test_48_one_date_or_the_same_is_no_reversal(begins: str, ends: str, tmp_path: Path) -> None:
    small = SmallSet()
    small.set("enrollments", "enroll-1", "beginDate", begins)
    small.set("enrollments", "enroll-1", "endDate", ends)
    assert small.read(tmp_path).findings == ()


def test_the_columns_of_delta_mode_may_be_missing(tmp_path: Path) -> None:
    small = SmallSet()
    for header in ("status", "dateLastModified"):
        small.drop_column("users", header)
    roster = small.read(tmp_path)
    assert roster == SmallSet().read(tmp_path / "sound")


def test_58_rows_to_be_deleted_count_as_gone_where_the_district_says_so(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("users", "student-2", "status", "tobedeleted")
    small.set("users", "parent-1", "status", "inactive")
    roster = small.read(tmp_path, tobedeleted="remove")
    assert roster.records[Kind.USER].keys() == {"student-1", "teacher-1"}
    assert {r.values["user_id"] for r in roster.records[Kind.ROLE].values()} == {
        "student-1",
        "teacher-1",
    }
    assert roster.records[Kind.GUARDIAN] == {}
    assert not any(roster.protected.values())
    assert roster.complete == frozenset(Kind)
    [finding] = roster.findings
    assert (finding.code, finding.line, finding.field, finding.count) == (
        "record-removed",
        3,
        "status",
        2,
    )


def test_28_extension_columns_are_kept_by_their_names(tmp_path: Path) -> None:
    small = SmallSet()
    small.add_column("users", "metadata.house", "Red", " ")
    small.add_column("users", "shoeSize", "", "38")
    roster = small.read(tmp_path)
    users = roster.records[Kind.USER]
    assert users["student-1"].values["metadata"] == {"metadata.house": "Red"}
    assert users["student-2"].values["metadata"] == {"shoeSize": "38"}
    assert "metadata" not in users["teacher-1"].values
    [finding] = roster.findings
    assert (finding.code, finding.field) == ("unknown-column", "shoeSize")


def test_28_a_misspelt_column_that_may_be_missing_is_told(tmp_path: Path) -> None:
    small = SmallSet()
    small.rename("users", "email", "e-mail")
    [finding] = small.read(tmp_path).findings
    assert (finding.code, finding.field) == ("unknown-column", "e-mail")
    assert finding.remedy == "Did you mean email?"


def _run_in(small: SmallSet, row: list[str]) -> None:
    """The first row of ``users`` on its header's line, as if the export had lost its end."""
    for at, cell in enumerate(row):
        small.add_column("users", cell, f"{at}")


def test_a_row_in_the_header_is_told_without_a_word_of_it(tmp_path: Path) -> None:
    small = SmallSet()
    _run_in(small, [f"Priya{n}" for n in range(len(small.rows["users"][0]) + 1)])
    findings = small.read(tmp_path).findings
    assert {finding.code for finding in findings} == {"unknown-column"}
    assert not [f for f in findings if "Priya" in f"{f.message}{f.remedy}{f.field}"]
    assert "first row stands on the header's line" in findings[0].remedy


def test_a_row_in_the_header_with_a_name_twice_is_refused_without_it(tmp_path: Path) -> None:
    small = SmallSet()
    _run_in(small, [*(f"Priya{n}" for n in range(len(small.rows["users"][0]) + 1)), "Priya0"])
    with pytest.raises(InputRefused) as refused:
        small.read(tmp_path)
    assert refused.value.code == "duplicate-header"
    assert "Priya" not in f"{refused.value}{refused.value.field}{refused.value.remedy}"


def test_a_column_that_is_not_there_leaves_guardian_links_as_they_are(tmp_path: Path) -> None:
    small = SmallSet()
    small.drop_column("users", "agentSourcedIds")
    roster = small.read(tmp_path)
    assert roster.complete == frozenset(Kind) - {Kind.GUARDIAN}
    [finding] = roster.findings
    assert (finding.code, finding.field, finding.kind) == (
        "absent-column",
        "agentSourcedIds",
        Kind.GUARDIAN,
    )
