"""Entries of the audit trail in words."""

from __future__ import annotations

from rollbook.desk.views import AuditEntry

NOT_FOR_A_LINE = frozenset({"digest", "sha256", "from"})
"""Parts of an entry that only its detail shows."""


def event_words(entry: AuditEntry) -> str:
    """``hold approved`` for ``hold.approved``."""
    return entry.event.replace(".", " ").replace("_", " ")


def body_words(entry: AuditEntry) -> str:
    """What an entry holds beside who, when and what, in one line: ``count: 12, rule: R1``."""
    parts = {name: part_words(value) for name, value in entry.body.items()}
    return ", ".join(
        f"{name.replace('_', ' ')}: {words}"
        for name, words in parts.items()
        if words and name not in NOT_FOR_A_LINE
    )


def part_words(value: object) -> str:
    """One part of an entry as it is read; empty for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, dict):
        return ", ".join(f"{name} {part_words(item)}" for name, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(part_words, value))
    return str(value)
