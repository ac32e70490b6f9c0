"""Adding a district of any type of source from the command line."""

import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

from cli.conftest import Call
from rollbook.cli.commands.district import SOURCES
from rollbook.config.sources import Source


def test_the_command_line_offers_every_type_there_is() -> None:
    models = get_args(get_args(Source)[0])
    assert sorted(SOURCES) == sorted(get_args(model)[1].tag for model in models)


def add(call: Call, *more: str | Path) -> Any:
    return call("district", "add", "north", "--name", "North", *more)


def source(tmp_path: Path) -> Any:
    file = tmp_path / "home" / "districts" / "north.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))["source"]


def test_type_and_full_path_are_written(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert add(call, "--source", "clever_csv", "--path", "drop").code == 0
    assert source(tmp_path) == {"type": "clever-csv", "path": str(tmp_path / "drop")}


def test_other_keys_are_set(call: Call, tmp_path: Path) -> None:
    assert add(call, "--path", "/srv", "--set", "tobedeleted=remove").code == 0
    assert source(tmp_path) == {"path": "/srv", "tobedeleted": "remove"}


@pytest.mark.parametrize(
    ("named", "version"),
    [
        *(("oneroster-csv", version) for version in ("1.0", "1.1", "1.2")),
        *(("remind-csv", version) for version in ("1.0", "2.0")),
    ],
)
def test_every_version_of_files_that_do_not_say_it_may_be_named(
    call: Call, tmp_path: Path, named: str, version: str
) -> None:
    answer = add(call, "--source", named, "--path", "/srv", "--version", version)
    assert answer.code == 0, answer.err
    assert source(tmp_path).get("version", "2.0") == version


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((), "source.path: has to be there"),
        (("--path", "/srv", "--set", "colour=red"), "source.colour"),
        (("--path", "/srv", "--version", "2.0"), "source.version"),
        (("--path", "/srv", "--source", "sds-csv", "--version", "1.1"), "source.version"),
        (("--path", "/srv", "--set", "a.b=1", "--set", 'a.c="x"'), "source.a"),
        (("--path", "/srv", "--set", "nothing"), "KEY=VALUE"),
        (("--path", "/srv", "--set", "a..b=1"), "KEY=VALUE"),
        (("--path", "/srv", "--set", "a=[1"), "not TOML"),
        (("--path", "/srv", "--set", "a=1", "--set", "a.b=1"), "a value already"),
    ],
)
def test_what_makes_no_sense_is_told_by_its_key(
    call: Call, tmp_path: Path, more: tuple[str, ...], said: str
) -> None:
    answer = add(call, *more)
    assert answer.code == 2
    assert said in answer.err
    assert not (tmp_path / "home" / "districts" / "north.toml").exists()
