"""Views as JSON documents: snake case, times in ISO 8601 with ``Z``, enums as their words.

The keys are part of the contract in ``docs/cli.md``: keys are added, never renamed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path

import click

from rollbook.desk.views import (
    ChangeRow,
    Counts,
    HoldView,
    Kind,
    RunState,
    RunSummary,
    RunView,
    Severity,
    Verb,
)

CONSEQUENCES = (
    *("account_create", "rename", "move", "suspend", "notice"),
    *("reactivate", "delete", "regroup", "leave"),
)
TIMINGS = ("fetch", "stage", "compare", "judge", "apply", "total")


def emit(document: object) -> None:
    """Print one document; whatever is not ASCII is escaped, so that no terminal obeys it.

    It is indented where somebody looks at it: that takes Python ten times as long.
    """
    click.echo(json.dumps(document, indent=2 if sys.stdout.isatty() else None))


def plain(value: object) -> object:
    """A view, or anything in one, as what JSON knows."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value


def run_document(view: RunView) -> dict[str, object]:
    """A run as ``sync``, ``apply``, ``undo``, ``run show`` and the decisions print it."""
    summary = view.summary
    document: dict[str, object] = {
        "run": summary.id,
        "district": summary.district,
        "state": summary.state.value,
        "kind": summary.kind.value,
        "generation": view.generation,
        "base_generation": view.base_generation,
        "changeset": {
            "digest": view.digest,
            "counts": _by_kind(view.counts),
            "schools": {s.school or "": _by_kind(s.kinds) for s in view.schools},
            "school_names": {s.school or "": s.name for s in view.schools},
            "consequences": {**dict.fromkeys(CONSEQUENCES, 0), **view.consequences},
        },
        "holds": [hold_document(hold) for hold in view.holds],
        "applied": _by_verb(view, view.applied),
        "waiting": _by_verb(view, view.waiting),
        "pauses": list(view.pauses),
        "findings": {
            "error": view.findings_error,
            "warning": view.findings_warning,
            "items": plain(view.findings),
        },
        "timings": {**dict.fromkeys(TIMINGS, 0.0), **view.timings},
        "message": summary.message,
        "preview": summary.preview,
        "snapshot": summary.snapshot,
        "created_at": plain(summary.created_at),
        "finished_at": plain(summary.finished_at),
        "created_by": summary.created_by,
        "reason": view.reason,
        "undo_of": view.undo_of,
        "students_incoming": view.students_incoming,
        "students_expected": view.students_expected,
        "expectation": plain(view.expectation),
        "accounts": plain(view.accounts),
    }
    if view.facts:
        document["facts"] = plain(view.facts)
    if summary.state in (RunState.INPUT_REFUSED, RunState.FETCH_FAILED):
        document["error"] = _refusal(view)
    return document


def hold_document(hold: HoldView) -> dict[str, object]:
    """A hold, with the keys of ``HoldView``."""
    document = plain(hold)
    assert isinstance(document, dict)
    return {"id": hold.id, "run": hold.run, "district": hold.district, **document}


def summary_document(summary: RunSummary) -> dict[str, object]:
    """A run's line in a list; ``run`` is its id, as in the document of a run."""
    document = plain(summary)
    assert isinstance(document, dict)
    return {"run": summary.id, **document}


def change_document(row: ChangeRow) -> dict[str, object]:
    """One change."""
    document = plain(row)
    assert isinstance(document, dict)
    return document


def emit_stream(head: Mapping[str, object], key: str, rows: Iterable[object]) -> None:
    """Print one document whose last key holds a list of any length, row by row."""
    opening = json.dumps(dict(head), indent=2).removesuffix("\n}")
    click.echo(f'{opening},\n  "{key}": [', nl=False)
    comma = ""
    for row in rows:
        click.echo(f"{comma}\n    {json.dumps(row)}", nl=False)
        comma = ","
    click.echo("\n  ]\n}" if comma else "]\n}")


def _refusal(view: RunView) -> dict[str, object]:
    """Why a run got no changeset, in the shape of an error."""
    errors = [f for f in view.findings if f.severity is Severity.ERROR]
    told = (f for f in errors if f.message in view.summary.message)
    finding = next(told, errors[0] if errors else None)
    failed = view.summary.state is RunState.FETCH_FAILED
    return {
        "code": finding.code if finding else "fetch-failed" if failed else "input-refused",
        "message": finding.message if finding else view.summary.message,
        "remedy": finding.remedy if finding else "",
        "file": finding.file if finding else None,
        "line": finding.line if finding else None,
        "field": finding.field if finding else None,
    }


def _by_kind(counts: Mapping[Kind, Counts]) -> dict[str, object]:
    return {kind.value: _numbers(counts[kind]) for kind in Kind if kind in counts}


def _numbers(line: Counts) -> dict[str, int]:
    return {name: getattr(line, name) for name in line.__slots__}


def _by_verb(view: RunView, numbers: Mapping[Kind, Mapping[Verb, int]]) -> dict[str, object]:
    """Numbers by kind and verb, with a zero where a kind of the changeset has none."""
    return {
        kind.value: {verb.value: numbers.get(kind, {}).get(verb, 0) for verb in Verb}
        for kind in Kind
        if kind in view.counts or kind in numbers
    }
