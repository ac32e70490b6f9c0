"""Findings as they come up, one by one or counted together, never more than can be read."""

from __future__ import annotations

from dataclasses import replace

from rollbook.roster.findings import Finding, Severity
from rollbook.roster.kinds import Kind
from rollbook.sources.oneroster_csv.line_notes import LineNotes

SINGLY = 1_000
"""Findings of one code and file that are listed one by one; the rest becomes one finding."""

NOTES: dict[str, tuple[str, str]] = {
    "case-variant": (
        "Words that differ from OneRoster's in capitals or outer blanks were read as its own.",
        "Have the export write the words as OneRoster spells them.",
    ),
    "outer-space": (
        "Blanks around values were taken off.",
        "Have the export trim its values.",
    ),
    "school-year": (
        "School years that name two years were read as the one in which they end.",
        "Have the export write 2026 for the school year 2025-2026.",
    ),
    "date-with-time": (
        "Midnight was taken off dates that come with a time.",
        "Have the export write dates as YYYY-MM-DD.",
    ),
    "placeholder": (
        "Placeholders such as NULL or N/A were read as no value.",
        "Have the export leave the cell empty.",
    ),
    "placeholder-kept": (
        "Values that look like placeholders (NULL, N/A) were kept, since a value belongs here.",
        "Fill in the value in the source.",
    ),
    "blank-value": (
        "Blank, though OneRoster wants a value.",
        "Fill in the value in the source.",
    ),
    "value-left-out": (
        "Values that OneRoster does not know were left out.",
        "Have the export write OneRoster's values.",
    ),
    "blank-line": (
        "Lines that hold nothing were skipped.",
        "Have the export leave them out.",
    ),
    "normalised-text": (
        "Letters and their accents that came apart were joined (Unicode NFC).",
        "Have the export write Unicode in its composed form.",
    ),
    "mojibake": (
        "Text looks as if UTF-8 had been taken for Windows-1252 on its way; it was kept as it is.",
        "Correct the encoding where the file is made: names stay wrong until then.",
    ),
    "replacement-character": (
        "Text holds replacement characters: letters were lost before the file came here.",
        "Correct the encoding where the file is made: names stay wrong until then.",
    ),
    "record-removed": (
        "Records that are to be deleted, or inactive, were left out: they count as gone.",
        "Nothing, if that is what the source means.",
    ),
}
"""What a finding that speaks for many says, and what to do about it."""


class Findings:
    """Collects the findings of one reading."""

    def __init__(self) -> None:
        self._singly: list[Finding] = []
        self._seen: dict[tuple[str, str | None], int] = {}
        self._rest: dict[tuple[str, str | None], Finding] = {}
        self._notes: dict[tuple[str, str, str | None], tuple[Kind | None, int, int]] = {}
        self._lines: dict[str, LineNotes] = {}

    def lines(self, file: str) -> LineNotes:
        """What there was to say about each line of a file."""
        return self._lines.setdefault(file, LineNotes())

    def add(self, finding: Finding) -> None:
        """One finding; from ``SINGLY`` of a code and file on it is only counted."""
        if finding.file is not None and finding.line is not None:
            self.lines(finding.file).speak(finding.line)
        key = finding.code, finding.file
        seen = self._seen.get(key, 0)
        self._seen[key] = seen + 1
        if seen < SINGLY:
            self._singly.append(finding)
        elif key in self._rest:
            rest = self._rest[key]
            self._rest[key] = replace(rest, count=rest.count + 1)
        else:
            self._rest[key] = replace(finding, field=None, record_id=None)

    def error(
        self,
        code: str,
        message: str,
        remedy: str,
        *,
        file: str,
        line: int | None = None,
        field: str | None = None,
        kind: Kind | None = None,
        record_id: str | None = None,
    ) -> None:
        """A row that was set aside."""
        self.add(
            Finding(
                Severity.ERROR,
                code,
                f"{message} The row was set aside.",
                remedy,
                file,
                line,
                field,
                kind,
                record_id,
            )
        )

    def warn(
        self,
        code: str,
        message: str,
        remedy: str,
        *,
        file: str,
        line: int | None = None,
        field: str | None = None,
        kind: Kind | None = None,
        record_id: str | None = None,
    ) -> None:
        """Something to say that set nothing aside."""
        self.add(
            Finding(Severity.WARNING, code, message, remedy, file, line, field, kind, record_id)
        )

    def note(
        self, code: str, file: str, line: int, field: str | None = None, kind: Kind | None = None
    ) -> None:
        """One more of what is only counted, under a code of ``NOTES``."""
        self._count(code, file, line, field, kind, 1)
        self.lines(file).note(line, code, field)

    def note_again(self, file: str, kind: Kind, number: int, line: int, count: int) -> None:
        """What an earlier reading noted about ``count`` lines that stand here still, the first of
        them at ``line``; ``number`` is that of their set of notes."""
        for code, field in self.lines(file).sets[number]:
            # What is noted of a line as such, before any cell is read, is of no kind.
            self._count(code, file, line, field, kind if field else None, count)

    def _count(
        self, code: str, file: str, line: int, field: str | None, kind: Kind | None, count: int
    ) -> None:
        key = code, file, field
        known, first, before = self._notes.get(key, (kind, line, 0))
        self._notes[key] = known, min(first, line), before + count

    def all(self) -> tuple[Finding, ...]:
        """Every finding: one by one as they came, then those that speak for many."""
        rest = (
            replace(finding, message=f"{finding.count:,} more of this sort, the first here.")
            for finding in self._rest.values()
        )
        return (*self._singly, *rest, *(self._told(*key) for key in self._notes))

    def _told(self, code: str, file: str, field: str | None) -> Finding:
        kind, line, count = self._notes[code, file, field]
        message, remedy = NOTES[code]
        often = "Seen once." if count == 1 else f"Seen {count:,} times, here first."
        return Finding(
            Severity.WARNING,
            code,
            f"{message} {often}",
            remedy,
            file,
            line,
            field,
            kind,
            None,
            count,
        )
