from collections.abc import Callable
from pathlib import Path

import pytest

from cli.program import Answer, Program
from rollbook.cli import main
from rollbook.demo.founding import make_district
from rollbook.demo.shape import District
from rollbook.demo.write import write_oneroster

Call = Callable[..., Answer]


@pytest.fixture(scope="session")
def northfield() -> District:
    """Three schools, 180 students."""
    return make_district(7, "Northfield Public Schools", schools=3, students=180)


@pytest.fixture
def rollbook(tmp_path: Path) -> Program:
    """The program as people start it."""
    return Program(tmp_path / "home")


@pytest.fixture
def call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Call:
    """The program in this process, for what is not about the process; same home as ``rollbook``."""
    monkeypatch.setenv("ROLLBOOK_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ROLLBOOK_STORE", raising=False)

    def run(*args: str | Path) -> Answer:
        capsys.readouterr()
        code = main([str(arg) for arg in args])
        return Answer(code, *capsys.readouterr())

    return run


@pytest.fixture
def settled(call: Call, northfield: District, tmp_path: Path) -> Call:
    """The program with Northfield's first set in its directory; its files arrive in ``drop``."""
    drop = write_oneroster(northfield, tmp_path / "drop")
    zone = ("--timezone", "America/Chicago")
    call("district", "add", "northfield", "--name", "Northfield", *zone, "--path", drop)
    [hold] = call("sync", "northfield", "--json").document["holds"]
    confirm = str(hold["count"])
    done = call("hold", "approve", hold["id"], "--confirm", confirm, "--reason", "as in the SIS")
    assert done.code == 0, done.err
    return call
