"""The lines of two people side by side: what is the same, what differs, and which value stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rollbook.desk.views import Kind, MergeFieldView, MergePreview, PersonView
from rollbook.roster.kinds import SHAPES
from rollbook.roster.records import EXTENSIONS, Values, text
from rollbook_tui.widgets.field_changes import NOTHING, field_name, value_words
from rollbook_tui.widgets.record_columns import Column, Tone
from rollbook_tui.words import counted

KEEP, LOSE = "keep", "lose"

FOLLOW_THE_SURVIVOR = frozenset({"primary_role", "primary_org_id"})
"""Fields that cannot be chosen: they follow from the roles of the survivor."""

TAKEN, LEFT_BEHIND = "●", "○"


@dataclass(frozen=True, slots=True)
class MergeLine:
    """One line; ``field`` and ``source`` are set where there is a value to choose."""

    name: str
    keep: str
    lose: str
    field: MergeFieldView | None = None
    source: str | None = None


def merge_lines(preview: MergePreview, choices: Mapping[str, str]) -> list[MergeLine]:
    """The lines of a preview: who they are, where they differ, and what they have in common."""
    keep, lose = preview.keep, preview.lose
    differing = {field.field: field for field in preview.fields}
    return [
        *_who(keep, lose),
        *_choices(differing, choices),
        *_in_common(keep.values, lose.values, frozenset(differing)),
    ]


def first_choice(lines: Sequence[MergeLine]) -> int:
    """Where the first value to choose is, or the first line where there is none."""
    return next((at for at, line in enumerate(lines) if line.field is not None), 0)


def survivors(preview: MergePreview, choices: Mapping[str, str]) -> dict[str, str]:
    """Whose value each field that differs takes: ``keep`` or ``lose``."""
    return {f.field: choices.get(f.field, f.source) for f in preview.fields}


def _who(keep: PersonView, lose: PersonView) -> Iterator[MergeLine]:
    pairs = (
        ("name", keep.label, lose.label),
        ("id", keep.id, lose.id),
        ("school", keep.school_name, lose.school_name),
        ("role", _roles(keep), _roles(lose)),
        ("birth date", _birth_date(keep), _birth_date(lose)),
        ("classes", _classes(keep), _classes(lose)),
        ("family", _family(keep), _family(lose)),
    )
    for name, left, right in pairs:
        yield MergeLine(name, left or NOTHING, right or NOTHING)


def _choices(
    differing: Mapping[str, MergeFieldView], choices: Mapping[str, str]
) -> Iterator[MergeLine]:
    for name in [*SHAPES[Kind.USER].fields, EXTENSIONS]:
        field = differing.get(name)
        if field is not None and name not in FOLLOW_THE_SURVIVOR:
            source = choices.get(name, field.source)
            left, right = field.keep or NOTHING, field.lose or NOTHING
            yield MergeLine(field_name(name), left, right, field, source)


def _in_common(keep: Values, lose: Values, differing: frozenset[str]) -> Iterator[MergeLine]:
    for name in [*SHAPES[Kind.USER].fields, EXTENSIONS]:
        if name in keep and name not in differing and name not in FOLLOW_THE_SURVIVOR:
            same = value_words(keep[name])
            yield MergeLine(field_name(name), same, value_words(lose[name]))


def _roles(person: PersonView) -> str:
    roles = [role for values in person.roles if (role := text(values, "role"))]
    return ", ".join(dict.fromkeys(roles)) or text(person.values, "primary_role") or ""


def _birth_date(person: PersonView) -> str:
    return text(person.demographics or {}, "birth_date") or ""


def _classes(person: PersonView) -> str:
    return counted(len(person.enrollments), "class", "classes")


def _family(person: PersonView) -> str:
    return "; ".join(label for _, label, _ in person.guardians)


def _cell(value: str, line: MergeLine, side: str) -> str:
    if line.field is None:
        return f"  {value}"
    return f"{TAKEN if line.source == side else LEFT_BEHIND} {value}"


def _tone(line: MergeLine, side: str) -> Tone | None:
    if line.field is None:
        return Tone.MUTED if line.keep == line.lose else None
    return Tone.GOOD if line.source == side else Tone.MUTED


MERGE_COLUMNS: tuple[Column[MergeLine], ...] = (
    Column("", lambda line: line.name, 14, 12, tone=lambda _: Tone.MUTED),
    Column(
        "  survives",
        lambda line: _cell(line.keep, line, KEEP),
        30,
        12,
        grow=1,
        tone=lambda line: _tone(line, KEEP),
    ),
    Column(
        "  becomes part of it",
        lambda line: _cell(line.lose, line, LOSE),
        30,
        12,
        grow=1,
        tone=lambda line: _tone(line, LOSE),
    ),
)
