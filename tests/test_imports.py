"""The wall between engine and screen, and how little it takes to answer ``--help``."""

import json
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import rollbook.desk

ROOT = Path(__file__).parent.parent
HEAVY = {"textual", "rich", "requests", "pydantic", "sqlalchemy", "alembic"}


def loaded_after(code: str, **environment: str) -> set[str]:
    """The names of the modules that a fresh interpreter holds after ``code``."""
    script = f"import sys, json\n{code}\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    path = os.pathsep.join(str(ROOT / folder) for folder in ("core", "tui"))
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_the_desk_loads_no_screen() -> None:
    names = [f"rollbook.desk.{m.name}" for m in pkgutil.iter_modules(rollbook.desk.__path__)]
    loaded = loaded_after("import " + ", ".join(names))
    assert set(names) <= loaded
    assert not loaded & {"textual", "rich", "rollbook_tui", "click"}


def test_the_check_notices_a_screen() -> None:
    assert loaded_after("import rich.text") & HEAVY == {"rich"}


@pytest.mark.parametrize(
    ("args", "commands"),
    [
        (["--help"], set()),
        (["--version"], set()),
        (["hold", "approve", "--help"], {"hold"}),
        (["completion", "zsh"], {"completion"}),
    ],
)
def test_help_loads_neither_engine_nor_screen_nor_other_commands(
    args: list[str], commands: set[str]
) -> None:
    loaded = loaded_after(f"from rollbook.cli import main\nassert main({args!r}) == 0")
    assert not loaded & HEAVY
    prefix = "rollbook.cli.commands."
    assert {name.removeprefix(prefix) for name in loaded if name.startswith(prefix)} == commands


def test_completion_loads_neither_engine_nor_screen(tmp_path: Path) -> None:
    (tmp_path / "districts").mkdir()
    (tmp_path / "districts" / "northfield.toml").touch()
    code = (
        "from rollbook.cli import main\n"
        "try:\n    main([])\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "import click; assert 'rollbook.cli.program' in sys.modules"
    )
    loaded = loaded_after(
        code,
        _ROLLBOOK_COMPLETE="bash_complete",
        COMP_WORDS="rollbook sync nor",
        COMP_CWORD="2",
        ROLLBOOK_HOME=str(tmp_path),
    )
    assert not loaded & HEAVY
