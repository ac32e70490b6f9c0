"""How a finding is told: its sign, its place, and the words that a search looks in."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from rollbook.desk.views import Finding, Severity
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.side_by_side import labelled
from rollbook_tui.words import Sign, kind_word

SEVERITIES: dict[Severity, Sign] = {
    Severity.ERROR: Sign("x", "error", "bold $error"),
    Severity.WARNING: Sign("!", "warning", "$warning"),
}
LABEL = 8

_ENDPOINT = "GET "


def where(finding: Finding) -> str:
    """``users.csv:17``, ``GET /users?offset=5000, page 6, row 17``, or as much as is known."""
    if finding.file is None:
        return ""
    if finding.line is None:
        return finding.file
    between = ", row " if finding.file.startswith(_ENDPOINT) else ":"
    return f"{finding.file}{between}{finding.line}"


def searched_in(finding: Finding) -> str:
    """What a search looks in, without regard to case."""
    parts = (finding.severity, finding.code, where(finding), finding.field, finding.record_id)
    told = (finding.message, finding.remedy, " ".join(_record(finding)))
    return " ".join([*(str(part or "") for part in parts), *told]).casefold()


def finding_lines(finding: Finding, width: int) -> Iterator[Content]:
    """A finding in full."""
    sign = SEVERITIES[finding.severity]
    sentence = Content.assemble(sign.both(), "  ", drawable(finding.message))
    yield from sentence.wrap(width)
    yield Content("")
    facts = (
        ("do", finding.remedy),
        ("where", where(finding)),
        ("field", finding.field or ""),
        ("record", " ".join(_record(finding))),
        ("rows", f"{finding.count:,}" if finding.count > 1 else ""),
        ("code", finding.code),
    )
    for label, value in facts:
        if value:
            yield from labelled(label, Content(drawable(value)), LABEL, width)


def _record(finding: Finding) -> Iterator[str]:
    if finding.kind is not None:
        yield kind_word(finding.kind, 1)
    if finding.record_id is not None:
        yield finding.record_id
