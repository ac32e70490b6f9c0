"""Input that is not fit to be compared, or that cannot be this district's."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import Call
from cli.program import Program
from rollbook.demo import damage
from rollbook.demo.founding import make_district
from rollbook.demo.write import write_oneroster


def another_district(folder: Path) -> None:
    write_oneroster(make_district(99, "Harlow Schools", schools=3, students=170), folder)


Damage = Callable[[Path], object]

DAMAGES: dict[str, tuple[Damage, int, str]] = {
    "an empty users file": (damage.empty, 4, "empty-file"),
    "a header and no rows": (damage.header_only, 4, "header-only"),
    "a file cut in half": (damage.cut_in_half, 4, "truncated"),
    "the wrong delimiter": (damage.wrong_delimiter, 4, "delimiter"),
    "a misspelt header": (damage.misspell_header, 4, "missing-header"),
    "a file of the set missing": (lambda f: (f / "enrollments.csv").unlink(), 4, "missing-file"),
    "another district's file": (another_district, 3, ""),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_bad_input_changes_nothing_and_says_what_is_wrong(
    name: str, settled: Call, rollbook: Program, tmp_path: Path
) -> None:
    spoil, code, finding = DAMAGES[name]
    before = settled("district", "show", "northfield", "--json").document
    spoil(tmp_path / "drop")
    answer = rollbook("sync", "northfield", "--json")
    run = answer.document
    assert answer.code == code
    assert run["state"] == {4: "INPUT_REFUSED", 3: "HELD"}[code]
    if code == 4:
        error = run["error"]
        assert error["file"] in ("users.csv", "enrollments.csv")
        assert finding == error["code"]
        assert error["message"]
        assert error["remedy"]
        assert run["findings"]["error"] >= 1
    else:
        assert {hold["rule"] for hold in run["holds"]} & {"R0", "R6"}
        assert all(sum(verbs.values()) == 0 for verbs in run["applied"].values())
    after = settled("district", "show", "northfield", "--json").document
    for key in ("counts", "schools"):
        assert after[key] == before[key]
    assert after["summary"]["generation"] == before["summary"]["generation"]
    assert settled("audit", "verify", "--json").document["ok"] is True


def test_a_source_that_is_not_there_is_a_failure(call: Call, tmp_path: Path) -> None:
    missing = tmp_path / "nowhere"
    call("district", "add", "northfield", "--name", "Northfield", "--path", missing)
    answer = call("sync", "northfield", "--json")
    assert answer.code == 1
    assert answer.document["state"] == "FETCH_FAILED"
    assert str(missing) in answer.document["error"]["message"]
    assert call("district", "check", "northfield").code == 1
