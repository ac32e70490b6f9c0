"""Proposing a mapping from the headers of an export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.sources.mapped_csv.guess_sections import Guess, section
from rollbook.sources.mapped_csv.guess_words import COLUMNS, NEEDED, SUBJECTS, Subject
from rollbook.sources.normal_form.source_file import plainly
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.header import is_secret
from rollbook.sources.oneroster_csv.table import Table


def guess_mapping(folder: Path) -> str:
    """A mapping as TOML, with comments about what is sure and what is not.

    Raises ``SourceUnreachable`` where there is no CSV file, and ``InputRefused`` as the reader of
    a table does.
    """
    try:
        paths = sorted(p for p in folder.iterdir() if p.suffix.lower() == ".csv" and p.is_file())
    except OSError as error:
        raise SourceUnreachable(
            f"{folder} cannot be read: {error.strerror}.", remedy="Name the folder of the export."
        ) from None
    if not paths:
        raise SourceUnreachable(
            f"{folder} holds no CSV file.", remedy="Name the folder of the export."
        )
    guesses = [_guess(path.name, header) for path, header in _headers(paths)]
    found = [guess for guess in guesses if guess is not None]
    lines = [
        "# A proposal, made of the headers alone. Read every line, and look at `rollbook district",
        "# check` and `rollbook sync --preview` before anything is applied.",
        'name = "Export"',
        "",
    ]
    for guess in found:
        lines += section(guess, {one.subject.name: one for one in found})
    known = {guess.file for guess in found}
    if strangers := [path.name for path in paths if path.name not in known]:
        lines += [f"# What {name!r} holds could not be told." for name in strangers]
    for subject in ("orgs", "students"):
        if not any(guess.subject.name == subject for guess in found):
            lines.append(f"# No file of {subject} was found, without which there is no roster.")
    return "\n".join(lines).rstrip() + "\n"


def _headers(paths: Iterable[Path]) -> Iterator[tuple[Path, list[str]]]:
    for path in paths:
        try:
            with Table(path, Findings()) as table:
                yield path, table.header
        except InputRefused as error:
            if error.code not in ("header-only", "empty-file"):
                raise


def _guess(file: str, header: list[str]) -> Guess | None:
    """The subject that most of a file's headers speak of; its name decides between equals."""
    best: Guess | None = None
    rank: tuple[bool, bool, int] = (False, False, 0)
    for subject in SUBJECTS:
        guess = _as(subject, file, header)
        named = any(word in plainly(file) for word in subject.file_words)
        mine = (not guess.missing, named, len(guess.columns))
        if mine > rank and (named or not guess.missing):
            best, rank = guess, mine
    return best


def _as(subject: Subject, file: str, header: list[str]) -> Guess:
    left = {plainly(name): name for name in header if not is_secret(name)}
    columns: dict[str, str] = {}
    unsure: set[str] = set()
    for place in range(max(len(words) for words in COLUMNS[subject.name].values())):
        for field, words in COLUMNS[subject.name].items():
            if field in columns or place >= len(words) or words[place] not in left:
                continue
            columns[field] = left.pop(words[place])
            if place >= subject.sure:
                unsure.add(field)
    if "sourcedId" not in columns and "identifier" in columns:
        columns["sourcedId"] = columns["identifier"]
        unsure.add("sourcedId")
    missing = tuple(field for field in NEEDED[subject.name] if field not in columns)
    return Guess(file, subject, columns, frozenset(unsure), missing, tuple(left.values()))
