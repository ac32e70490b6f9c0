"""Attendance and discipline from a guessed mapping to the card."""

from __future__ import annotations

from pathlib import Path

from cli.conftest import Call
from core.small_sis import small_sis
from core.sources.dialects.exports import clever, write


def test_an_export_with_attendance_and_discipline_by_its_proposal(
    call: Call, tmp_path: Path
) -> None:
    files = clever(small_sis(1, 4, classes=2))
    files["absences.csv"] = [
        {"Student ID": "s1-01", "Date": "1/15/2026", "Code": "absent", "Reason": "ill"},
        {"Student ID": "s1-01", "Date": "2/3/2026", "Code": "tardy", "Reason": ""},
    ]
    files["discipline.csv"] = [
        {"Student ID": "s1-02", "Incident Date": "2/3/2026", "Behavior": "fight", "Days": "2"}
    ]
    drop, mapping = write(files, tmp_path / "drop"), tmp_path / "mapping.toml"
    assert call("source", "guess", drop, "-o", mapping).code == 0
    text = mapping.read_text()
    assert 'to = "attendance.csv"' in text
    assert "school_year = 7" in text
    add = ("district", "add", "north", "--name", "North", "--source", "mapped-csv")
    assert call(*add, "--path", drop, "--set", f"mapping={mapping}").code == 0
    [hold] = call("sync", "north", "--json").document["holds"]
    confirm = ("--confirm", str(hold["count"]), "--reason", "first")
    done = call("hold", "approve", hold["id"], *confirm, "--json").document
    assert done["facts"] == {
        "attendance": {"applied": 1, "waiting": 0},
        "discipline": {"applied": 1, "waiting": 0},
    }
    assert set(done["changeset"]["counts"]) <= {
        *("org", "academic_session", "course", "class", "user", "role", "enrollment"),
        *("guardian", "demographics"),
    }
    assert "1 student up to date" in call("run", "show", done["run"]).out
    [facts] = call("student", "north", "s1-01", "--json").document["facts"]
    assert facts["topic"] == "attendance"
    assert facts["school_year"] == "2026"
    assert facts["totals"] == {"absent": 1.0, "tardy": 1.0}
    assert facts["entries"][0] == {"date": "2026-02-03", "type": "tardy"}
    card = call("student", "north", "s1-01").out
    assert "attendance 2025-26" in card
    assert ": absent 1, tardy 1" in " ".join(card.split())
    assert "2026-01-15" in card
    assert "discipline 2025-26" in call("student", "north", "s1-02").out
    assert "facts" not in call("sync", "north", "--json").document
