"""A CSV file of another dialect, row by row, its columns by the names that the dialect gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from rollbook.errors import InputRefused
from rollbook.roster.findings import Finding, Severity
from rollbook.roster.kinds import Kind
from rollbook.sources.normal_form.normal_set import NormalSet, Origin
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.header import clean, is_secret, nearest, refuse_delimiter
from rollbook.sources.oneroster_csv.table import DAMAGE, Table

Line = tuple[int, dict[str, str]]
"""Number of a line (1 is the header), and its cells without outer space by column."""

_NOTICED_AGAIN = frozenset({"mojibake", "replacement-character"})
"""What the reader of the normal set notices again, for it is still there."""


def plainly(header: str) -> str:
    """A header as most people would spell it: case, ``_``, ``-`` and blanks make no difference."""
    return re.sub(r"[\s_-]+", " ", clean(header)).strip().casefold()


class SourceFile:
    """An open CSV file of a dialect.

    ``columns`` are the dialect's names of those that are wanted, ``aliases`` other names of theirs.
    ``fed`` are the files of the normal set that its rows go into: a row that cannot be read makes
    it unsure who is missing there. Columns that may hold passwords are never read.
    """

    def __init__(
        self,
        path: Path,
        normal: NormalSet,
        *,
        columns: Sequence[str],
        required: Sequence[str] = (),
        fed: Sequence[str],
        headers: Mapping[str, str] | None = None,
        aliases: Mapping[str, Sequence[str]] | None = None,
        may_be_empty: bool = False,
        quiet: bool = False,
    ) -> None:
        """``quiet`` is for a file that is read once more: nothing is said of it again."""
        self.name = path.name
        self._findings = Findings() if quiet else _Kept(normal.findings)
        self._quiet = quiet
        self._table = Table(path, self._findings)
        self._normal = normal
        self._columns = {plainly(name): name for name in (*required, *columns)}
        for name, others in (aliases or {}).items():
            if name in self._columns.values():
                self._columns |= {plainly(other): name for other in others}
        self._required = required
        self._fed = fed
        self._may_be_empty = may_be_empty
        self.origin: Origin = normal.origin(path.name, headers)
        self.present: frozenset[str] = frozenset()
        self._at: list[tuple[str, int]] = []
        self._is_empty = False

    def __enter__(self) -> SourceFile:
        """Open the file and find the columns.

        Raises ``InputRefused`` as ``Table`` does, and ``missing-header`` or ``duplicate-header``.
        """
        try:
            self._table.__enter__()
        except InputRefused as error:
            if error.code != "header-only" or not self._may_be_empty:
                raise
            self._is_empty = True
        try:
            self._match()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not self._is_empty:
            self._table.__exit__(kind, error, traceback)

    def lines(self) -> Iterator[Line]:
        """Every row that can be read. Raises as ``Table.rows`` does."""
        if self._is_empty:
            return
        at, width = self._at, len(self._table.header)
        for number, cells, fault in self._table.rows():
            if fault:
                self._set_aside(number, fault, len(cells), width)
                continue
            yield number, {name: cells[position].strip() for name, position in at}

    def _match(self) -> None:
        refuse_delimiter(self._table.header, self.name)
        seen: set[str] = set()
        others: list[str] = []
        for position, header in enumerate(self._table.header):
            key = plainly(header)
            name = self._columns.get(key)
            if name is None:
                if not is_secret(header):
                    others.append(clean(header))
                continue
            if name in seen:
                raise InputRefused(
                    f"The column {name} is there twice.",
                    code="duplicate-header",
                    file=self.name,
                    line=1,
                    field=name,
                    remedy="Keep the one that is meant.",
                )
            seen.add(name)
            self._at.append((name, position))
        self.present = frozenset(seen)
        for name in self._required:
            if name not in seen:
                near = nearest(name, others)
                raise InputRefused(
                    f"The column {name} is missing.",
                    code="missing-header",
                    file=self.name,
                    line=1,
                    field=name,
                    remedy=f"There is a column {near}: did you mean {name}?"
                    if near
                    else f"Have the export write the column {name}.",
                )

    def _set_aside(self, number: int, fault: str, cells: int, width: int) -> None:
        message, remedy = DAMAGE[fault]
        told = Finding(
            Severity.ERROR,
            fault,
            f"{message.format(cells=cells, width=width)} The row was set aside.",
            remedy,
        )
        for file in () if self._quiet else self._fed:
            if file not in self._normal.opened:
                continue
            self._normal.add_unreadable(file, self.origin, number, told)


class _Kept(Findings):
    """Passes on what is noted of a file, but for what will be noticed again."""

    def __init__(self, findings: Findings) -> None:
        super().__init__()
        self._to = findings

    def note(
        self, code: str, file: str, line: int, field: str | None = None, kind: Kind | None = None
    ) -> None:
        """Pass a note on."""
        if code not in _NOTICED_AGAIN:
            self._to.note(code, file, line, field, kind)
