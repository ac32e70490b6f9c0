"""What is installed when somebody installs rollbook: the two packages, whole, and nothing else."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from rollbook import __version__

ROOT = Path(__file__).parent.parent
PACKAGES = {"rollbook": ROOT / "core", "rollbook_tui": ROOT / "tui"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with an sdist of the checkout and the wheel that was made of it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(built / f"rollbook-{__version__}-py3-none-any.whl")


@pytest.fixture(scope="module")
def names(wheel: zipfile.ZipFile) -> set[str]:
    return set(wheel.namelist())


def test_the_wheel_holds_the_two_packages_and_nothing_else(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert tops == {*PACKAGES, f"rollbook-{__version__}.dist-info"}
    assert not [name for name in names if "test" in name or "screenshot" in name]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_of_a_package_is_in_the_wheel(package: str, names: set[str]) -> None:
    root = PACKAGES[package]
    files = {
        path.relative_to(root).as_posix()
        for path in (root / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert f"{package}/py.typed" in files
    assert files - names == set()


def test_styles_and_migrations_are_in_the_wheel(names: set[str]) -> None:
    assert any(name.startswith("rollbook_tui/") and name.endswith(".tcss") for name in names)
    migrations = "rollbook/directory/migrations/"
    assert f"{migrations}env.py" in names
    assert any(name.startswith(f"{migrations}versions/") for name in names)


def test_the_wheel_names_its_command_its_licence_and_its_dependencies(
    wheel: zipfile.ZipFile,
) -> None:
    info = f"rollbook-{__version__}.dist-info"
    assert "rollbook = rollbook.cli:main" in wheel.read(f"{info}/entry_points.txt").decode()
    assert "Apache License" in wheel.read(f"{info}/licenses/LICENSE").decode()
    metadata = wheel.read(f"{info}/METADATA").decode()
    assert "Requires-Dist: textual==8.2.8" in metadata
    assert "License-Expression: Apache-2.0" in metadata


def test_the_sdist_holds_the_code_the_tests_and_the_licence(built: Path) -> None:
    with tarfile.open(built / f"rollbook-{__version__}.tar.gz") as archive:
        held = {name.split("/", 1)[1] for name in archive.getnames()}
    assert {"LICENSE", "README.md", "pyproject.toml", "tests/test_wheel.py"} <= held
    assert not [name for name in held if name.startswith((".venv", ".demo", ".git/"))]
