"""Guardian links, whichever side names the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from rollbook.roster.kinds import Kind
from rollbook.roster.records import guardian_id

from .small_set import SmallSet, errors

LINK = guardian_id("student-1", "parent-1")


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize(
    ("of_student", "of_parent"),
    [("parent-1", "student-1"), ("parent-1", ""), ("", "student-1")],
    ids=["both", "student", "parent"],
)
def test_one_link_whoever_names_the_other(
    version: str, of_student: str, of_parent: str, tmp_path: Path
) -> None:
    small = SmallSet(version)
    small.set("users", "student-1", "agentSourcedIds", of_student)
    small.set("users", "parent-1", "agentSourcedIds", of_parent)
    roster = small.read(tmp_path)
    [link] = roster.records[Kind.GUARDIAN].values()
    assert link.id == LINK
    assert link.values == {"student_id": "student-1", "guardian_id": "parent-1"}
    assert roster.findings == ()


@pytest.mark.parametrize(
    ("user", "line", "link"),
    [
        ("student-2", 3, guardian_id("student-2", "nobody-1")),
        ("parent-1", 5, guardian_id("nobody-1", "parent-1")),
    ],
    ids=["of-a-student", "of-a-parent"],
)
def test_44_an_agent_who_is_not_in_the_file(
    user: str, line: int, link: str, tmp_path: Path
) -> None:
    small = SmallSet()
    small.set("users", user, "agentSourcedIds", "student-1,nobody-1" if line == 5 else "nobody-1")
    roster = small.read(tmp_path)
    assert roster.records[Kind.GUARDIAN].keys() == {LINK}
    assert roster.protected[Kind.GUARDIAN] == {link}
    [finding] = roster.findings
    assert (finding.severity, finding.code, finding.kind) == (
        "warning",
        "dangling-reference",
        Kind.GUARDIAN,
    )
    assert (finding.line, finding.field, finding.record_id) == (line, "agentSourcedIds", link)


def test_an_agent_whose_row_was_set_aside_protects_the_link(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("users", "parent-1", "enabledUser", "perhaps")
    roster = small.read(tmp_path)
    assert roster.records[Kind.GUARDIAN] == {}
    assert LINK in roster.protected[Kind.GUARDIAN]
    assert [f.code for f in roster.findings] == ["bad-value"]


def test_a_student_whose_row_was_set_aside_protects_the_links_that_it_names(
    tmp_path: Path,
) -> None:
    small = SmallSet()
    small.set("users", "student-1", "enabledUser", "perhaps")
    small.set("users", "parent-1", "agentSourcedIds", "")
    roster = small.read(tmp_path)
    assert roster.records[Kind.GUARDIAN] == {}
    assert LINK in roster.protected[Kind.GUARDIAN]


@pytest.mark.parametrize("agent", ["student-2", "student-1"], ids=["two-students", "oneself"])
def test_two_students_make_no_link(agent: str, tmp_path: Path) -> None:
    small = SmallSet()
    small.set("users", "student-1", "agentSourcedIds", agent)
    small.set("users", "parent-1", "agentSourcedIds", "")
    roster = small.read(tmp_path)
    assert roster.records[Kind.GUARDIAN] == {}
    assert roster.protected[Kind.GUARDIAN] == {
        guardian_id("student-1", agent),
        guardian_id(agent, "student-1"),
    }
    [finding] = roster.findings
    assert (finding.code, finding.line, finding.severity) == ("no-student", 2, "warning")
    assert "both are students" in finding.message


def test_no_student_makes_no_link(tmp_path: Path) -> None:
    small = SmallSet()
    small.set("users", "teacher-1", "agentSourcedIds", "parent-1")
    roster = small.read(tmp_path)
    assert roster.records[Kind.GUARDIAN].keys() == {LINK}
    [finding] = roster.findings
    assert (finding.code, finding.line, finding.field) == ("no-student", 4, "agentSourcedIds")
    assert "neither is a student" in finding.message
    assert errors(roster) == []
