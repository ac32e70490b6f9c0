"""How the filter of a list of findings is chosen, what it leaves, and how it is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.content import Content

from rollbook.desk.views import Finding, Severity
from rollbook_tui.commands.command import Command, State
from rollbook_tui.commands.findings import FilterCode, FilterSeverity
from rollbook_tui.commands.keys import first_written
from rollbook_tui.dialogs.choose import Option
from rollbook_tui.finding_words import SEVERITIES, searched_in
from rollbook_tui.untrusted import drawable

ALL = "all"


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings to list: every word of ``search`` must occur, without regard to case."""

    severity: Severity | None = None
    code: str | None = None
    search: str = ""


def left_by(wanted: FindingFilter, findings: Sequence[Finding]) -> list[Finding]:
    """The findings that pass, in their order."""
    words = wanted.search.casefold().split()
    return [
        finding
        for finding in findings
        if wanted.severity in (None, finding.severity)
        and wanted.code in (None, finding.code)
        and (not words or _has(finding, words))
    ]


def severity_options(findings: Sequence[Finding]) -> list[Option[Severity | None]]:
    """All of them, then errors and warnings with their numbers."""
    numbers = Counter(finding.severity for finding in findings)
    options: list[Option[Severity | None]] = [Option(None, "all findings", f"{len(findings):,}")]
    for severity, sign in SEVERITIES.items():
        options.append(Option(severity, f"{sign.mark} {sign.word}", f"{numbers[severity]:,}"))
    return options


def code_options(findings: Sequence[Finding]) -> list[Option[str | None]]:
    """All of them, then each code with its number, the most frequent first."""
    numbers = Counter(finding.code for finding in findings)
    options: list[Option[str | None]] = [Option(None, "all codes", f"{len(findings):,}")]
    for code, number in sorted(numbers.items(), key=lambda item: (-item[1], item[0])):
        options.append(Option(code, code, f"{number:,}"))
    return options


def filter_line(wanted: FindingFilter, remapped: Mapping[str, str]) -> Content:
    """The line of filters: each with its key, those that are set standing out."""
    sign = SEVERITIES[wanted.severity] if wanted.severity else None
    values: tuple[tuple[type[Command[State]], str, str], ...] = (
        (FilterSeverity, "severity", f"{sign.mark} {sign.word}" if sign else ""),
        (FilterCode, "code", drawable(wanted.code or "")),
    )
    return Content("   ").join(
        Content.assemble(
            (first_written(remapped.get(command.id, command.keys)), "bold $footer-key-foreground"),
            (f" {name}: ", "$muted"),
            (value or ALL, "bold $foreground" if value else "$muted"),
        )
        for command, name, value in values
    )


def _has(finding: Finding, words: Sequence[str]) -> bool:
    text = searched_in(finding)
    return all(word in text for word in words)
