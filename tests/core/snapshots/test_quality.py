"""R8: rows set aside and files that shrink, at, below and above the limits."""

from collections.abc import Mapping

import pytest

from rollbook.config.district import Thresholds
from rollbook.errors import InputRefused
from rollbook.roster.kinds import Kind
from rollbook.snapshots.quality import refuse_poor_quality
from rollbook.sources.roster import FileFacts


def refused(
    file: FileFacts,
    *,
    dangling: Mapping[Kind, int] | None = None,
    usual: float = 0,
    limits: Thresholds = Thresholds(),  # noqa: B008
) -> str | None:
    """The code of the refusal, if there is one."""
    try:
        refuse_poor_quality([file], dangling or {}, {file.name: usual}, limits)
    except InputRefused as error:
        return error.code
    return None


def test_a_refusal_names_file_numbers_limit_and_remedy() -> None:
    with pytest.raises(InputRefused) as caught:
        refuse_poor_quality([FileFacts("users.csv", 700, 0)], {}, {"users.csv": 1000}, Thresholds())
    assert caught.value.file == "users.csv"
    assert "700 rows where 1,000 are usual (-30 %, the limit is -30 %)" in caught.value.message
    assert "thresholds.shrink_percent" in caught.value.remedy


@pytest.mark.parametrize(
    ("rows", "rejected", "code"),
    [
        (1000, 0, None),
        (1000, 9, None),
        (1000, 10, "R8-rejected-rows"),
        (1000, 11, "R8-rejected-rows"),
        (50, 1, "R8-rejected-rows"),
        (101, 1, None),
    ],
)
def test_rows_set_aside(rows: int, rejected: int, code: str | None) -> None:
    assert refused(FileFacts("users.csv", rows, rejected)) == code


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        (Kind.ENROLLMENT, "enrollments.csv"),
        (Kind.ENROLLMENT, "Enrollments.CSV"),
        (Kind.CLASS, "classes.csv"),
        (Kind.ROLE, "users.csv"),
        (Kind.GUARDIAN, "users.csv"),
    ],
)
def test_rows_that_refer_to_nobody_count_in_their_file(kind: Kind, file: str) -> None:
    """A 1.1 set has no file of roles: they stand in the file of users."""
    facts = FileFacts(file, 1000, 5)
    assert refused(facts, dangling={kind: 4}) is None
    assert refused(facts, dangling={kind: 5}) == "R8-rejected-rows"


@pytest.mark.parametrize(
    ("rows", "usual", "code"),
    [
        (1000, 0, None),
        (701, 1000, None),
        (700, 1000, "R8-shrunk"),
        (699, 1000, "R8-shrunk"),
        (5000, 1000, None),
        (6, 10, None),
        (5, 10, "R8-shrunk"),
        (1, 5, None),
    ],
)
def test_files_that_shrink(rows: int, usual: float, code: str | None) -> None:
    assert refused(FileFacts("users.csv", rows, 0), usual=usual) == code


def test_the_limits_are_the_districts() -> None:
    file = FileFacts("users.csv", 1000, 10)
    assert refused(file, limits=Thresholds(rejected_percent=1.1)) is None
    small = FileFacts("users.csv", 650, 0)
    assert refused(small, usual=1000, limits=Thresholds(shrink_percent=40)) is None
    assert refused(small, usual=1000, limits=Thresholds(removal_floor=351)) is None


def test_what_was_announced_to_be_replaced_may_shrink_but_not_vanish() -> None:
    usual = {"classes.csv": 1000.0, "users.csv": 1000.0}

    def told(file: str, rows: int) -> str:
        announced = (Kind.CLASS, Kind.ENROLLMENT)
        return refuse_poor_quality([FileFacts(file, rows, 0)], {}, usual, Thresholds(), announced)

    assert told("classes.csv", 701) == ""
    assert "classes.csv has 400 rows where 1,000 are usual (-60 %" in told("classes.csv", 400)
    for file, rows in (("classes.csv", 0), ("users.csv", 400)):
        with pytest.raises(InputRefused, match="are usual"):
            told(file, rows)


def test_half_of_the_sessions_go_with_a_school_year() -> None:
    """What is missing of them is held as removals (R1); what refers to them is set aside."""
    assert refused(FileFacts("academicSessions.csv", 4, 0), usual=9) is None
    assert refused(FileFacts("academicSessions.csv", 0, 0), usual=9) == "R8-shrunk"
    assert refused(FileFacts("courses.csv", 4, 0), usual=9) == "R8-shrunk"
