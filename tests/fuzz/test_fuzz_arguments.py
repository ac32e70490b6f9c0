"""Arguments of the command line: whatever is given, an exit code and a sentence, never a fault."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.scene import NORTH, new_scene
from core.small_sis import small_sis
from fuzz.budget import fuzzed
from fuzz.scraps import argument
from rollbook.cli import main

ANY = "?"
"""Stands where an argument is drawn."""

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("student", NORTH, ANY),
    ("student", ANY, ANY),
    ("changes", ANY),
    ("changes", "north.1", "--search", ANY),
    ("changes", "north.1", "--school", ANY),
    ("changes", "north.1", "--kind", ANY),
    ("changes", "north.1", "--format", ANY),
    ("run", "show", ANY),
    ("runs", ANY),
    ("runs", "--limit", ANY),
    ("holds", ANY),
    ("hold", "show", ANY),
    ("hold", "approve", ANY, "--confirm", ANY, "--reason", ANY),
    ("hold", "approve", "north.2.h1", "--confirm", ANY, "--reason", ANY),
    ("hold", "reject", ANY, "--reason", ANY),
    ("hold", "snooze", "north.2.h1", "--until", ANY),
    ("apply", ANY),
    ("run", "reject", ANY, "--reason", ANY),
    ("sync", ANY),
    ("undo", ANY, "--reason", ANY),
    ("pause", NORTH, "--reason", ANY, "--from", ANY, "--to", ANY),
    ("pause", NORTH, "--reason", ANY, "--school", ANY),
    ("pause", NORTH, "--reason", ANY, "--kind", ANY, "--verb", ANY),
    ("resume", ANY),
    ("pauses", ANY),
    ("merge", NORTH, ANY, ANY, "--reason", ANY),
    ("merge", NORTH, "s1-01", "s1-02", "--reason", ANY, "--preview"),
    ("distinct", NORTH, ANY, ANY),
    ("distinct", NORTH, "s1-01", "s1-02"),
    ("split", ANY, "--reason", ANY),
    ("merges", ANY),
    ("duplicates", ANY),
    ("district", "show", ANY),
    ("district", "check", ANY),
    ("district", "add", ANY, "--name", ANY, "--path", ANY),
    ("district", "add", "south", "--name", ANY, "--timezone", ANY, "--path", ANY),
    ("checklist", NORTH, ANY, "--done", ANY, "--note", ANY),
    ("audit", ANY),
    ("audit", "--limit", ANY),
    ("--home", ANY, "districts"),
    (ANY,),
    (ANY, ANY),
)


@pytest.fixture(scope="module", autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home with a district, a held run, and a wrong district file beside it."""
    folder = tmp_path_factory.mktemp("arguments")
    scene = new_scene(folder, small_sis())
    scene.sync_through()
    scene.sis.drop_students("s1", 6)
    scene.sync()
    scene.close()
    (folder / "home" / "districts" / "wrong.toml").write_text("name = 5")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROLLBOOK_HOME", str(folder / "home"))
        patch.setenv("HOME", str(folder))
        patch.delenv("ROLLBOOK_STORE", raising=False)
        (folder / "elsewhere").mkdir()
        patch.chdir(folder / "elsewhere")
        yield


def _leads_away(arguments: tuple[str, ...]) -> bool:
    """Whether a home would be made outside the folder of the test."""
    folder = Path(os.environ["HOME"])
    place = Path(os.getcwd(), arguments[1]) if arguments[0] == "--home" else folder
    return folder not in (place.resolve(), *place.resolve().parents)


class _Terminal(io.TextIOWrapper):
    """A stream that takes what a UTF-8 terminal takes, and no lone surrogate."""

    def __init__(self) -> None:
        self.taken = io.BytesIO()
        super().__init__(self.taken, encoding="utf-8", errors="strict", write_through=True)

    @property
    def text(self) -> str:
        return self.taken.getvalue().decode()


def _call(arguments: list[str]) -> tuple[int, str]:
    out, err = _Terminal(), _Terminal()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    return code, out.text + err.text


@fuzzed(150)
@given(
    st.sampled_from(COMMANDS).flatmap(
        lambda command: st.tuples(*(argument if part == ANY else st.just(part) for part in command))
    ),
    st.booleans(),
)
@example(("student", NORTH, "\udcff"), False)
@example(("runs", "--limit", str(10**30)), False)
@example(("hold", "approve", "north.2.h1", "--confirm", str(10**30), "--reason", "x"), False)
@example(("hold", "approve", "north.2.h1", "--confirm", "1", "--reason", "\udcff"), False)
@example(("hold", "snooze", "north.2.h1", "--until", "99999w"), False)
@example(("hold", "snooze", "north.2.h1", "--until", "0001-01-01T00:00+14:00"), False)
@example(("--home", "~nobody", "districts"), False)
def test_an_argument_is_data(arguments: tuple[str, ...], as_json: bool) -> None:
    if not any(arguments) or arguments[0] in ("demo", "console") or _leads_away(arguments):
        return
    code, said = _call([*arguments, *(["--json"] if as_json else [])])
    assert code in (0, 1, 2, 3, 4, 5, 6), said
    assert "rollbook failed" not in said, said
    assert not {"\x1b", "\x9b"} & set(said)
    assert Path(os.environ["ROLLBOOK_HOME"], "store.db").is_file()
