"""What a command loads: a quiet night in ten thousand districts is mostly loading."""

import json
import os
import subprocess
import sys
from pathlib import Path

from cli.conftest import Call

CORE = Path(__file__).parents[2] / "core"

NEVER = {
    *("alembic", "asyncssh", "cryptography", "keyring", "oauthlib", "psycopg", "pyrate_limiter"),
    *("requests", "sqlalchemy.dialects.postgresql", "textual", "tomlkit"),
}
COMPARING = {
    "numpy",
    "rollbook.changes.plan",
    "rollbook.holds.rules",
    "rollbook.people.duplicates",
    "rollbook.runs.comparison",
    "rollbook.runs.prepare",
    "rollbook.runs.relink",
    "rollbook.runs.sync",
    "rollbook.sources.oneroster_csv",
}


def loaded(home: Path, *args: str) -> set[str]:
    """The modules that the program holds when a command has succeeded; it started no thread."""
    script = (
        "import json, pathlib, sys\n"
        "from rollbook.cli import main\n"
        f"assert main({args!r}) == 0\n"
        "threads = [path.name for path in pathlib.Path('/proc/self/task').glob('*')]\n"
        "assert len(threads) < 2, threads\n"
        "print(json.dumps(sorted(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(CORE), "ROLLBOOK_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_a_list_loads_nothing_that_compares(settled: Call, tmp_path: Path) -> None:
    for command in ("districts", "runs"):
        assert not loaded(tmp_path / "home", command) & (NEVER | COMPARING)


def test_neither_does_a_sync_that_finds_the_source_as_it_was(settled: Call, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert not loaded(home, "sync", "northfield", "--json") & (NEVER | COMPARING)
    [newest, *_] = settled("runs", "northfield", "--json").document
    assert newest["state"] == "NOOP"


def test_nor_where_accounts_hang_on_the_year(settled: Call, tmp_path: Path) -> None:
    home = tmp_path / "home"
    users = (tmp_path / "drop" / "users.csv").read_text(encoding="utf-8").splitlines()[1:]
    (home / "left-alone.csv").write_text(
        "id,exclude\n" + "".join(f"{line.split(',')[0]},yes\n" for line in users), encoding="utf-8"
    )
    with (home / "districts" / "northfield.toml").open("a", encoding="utf-8") as file:
        file.write(
            f"[accounts]\nfile = {str(home / 'left-alone.csv')!r}\n"
            "[accounts.student]\nusername = '{family}{grad}'\n"
        )
    assert settled("sync", "northfield", "--json").document["state"] == "NOOP"
    assert not loaded(home, "sync", "northfield", "--json") & (NEVER | COMPARING)


def test_a_sync_that_compares_loads_all_of_it(settled: Call, tmp_path: Path) -> None:
    users = tmp_path / "drop" / "users.csv"
    users.write_bytes(users.read_bytes() + b"\r\n")
    found = loaded(tmp_path / "home", "sync", "northfield", "--json")
    assert found & COMPARING >= COMPARING - {"rollbook.runs.relink"}
    assert not found & NEVER
