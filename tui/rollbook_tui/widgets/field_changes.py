"""A change field by field: what it was before, and what it is after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from textual.content import Content

from rollbook.desk.views import ChangeRow, Lane, Verb
from rollbook.roster.kinds import SHAPES, Kind
from rollbook.roster.records import EXTENSIONS, Value
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.page import Page
from rollbook_tui.widgets.side_by_side import GAP, side_by_side
from rollbook_tui.words import LANES, VERBS, kind_word

BESIDE_FROM = 60
"""Before and after stand beside each other where the panel is at least this wide."""

NOTHING = "nothing"

_MARK = 2
"""Cells that a sign and the space after it take."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field in words; ``None`` where that side has no value."""

    field: str
    before: str | None
    after: str | None


def field_changes(row: ChangeRow) -> list[FieldChange]:
    """The fields of a change in the order of their kind, extension columns at the end."""
    before, after = row.before or {}, row.after or {}
    return [
        FieldChange(field, _words(before.get(field)), _words(after.get(field)))
        for field in _in_order(row.kind, {*before, *after})
    ]


def value_words(value: Value) -> str:
    """A value as it is read: ``yes``, ``05, 06``, ``homeroom=R101``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, dict):
        return ", ".join(f"{name}={item}" for name, item in sorted(value.items()))
    return value or ""


def field_name(field: str) -> str:
    """``given name`` for ``given_name``."""
    return field.replace("_", " ")


def change_summary(row: ChangeRow) -> str:
    """A change's fields in one line: ``grades: 04 → 05, email: nothing → a@b.org``."""
    if row.verb is not Verb.UPDATE:
        return ""
    return ", ".join(_arrow(change) for change in field_changes(row))


def change_lines(row: ChangeRow, *, most: int | None = None) -> list[Content]:
    """The change in a line, then a line for each of its fields, ``most`` of them."""
    changes = field_changes(row)
    shown = changes if most is None else changes[:most]
    lines = [head_line(row), *(_field_line(row.verb, change) for change in shown)]
    if len(shown) < len(changes):
        lines.append(Content.styled(f"  and {len(changes) - len(shown)} more fields", "$muted"))
    return lines


def head_line(row: ChangeRow) -> Content:
    """``- remove  user  Ada Lovelace  stu-1000``, and ``! held`` where it is."""
    parts = [
        VERBS[row.verb].both(),
        Content.styled(kind_word(row.kind, 1), "$muted"),
        Content.styled(drawable(row.label or row.id), "bold"),
    ]
    if row.label:
        parts.append(Content.styled(drawable(row.id), "$muted"))
    if row.lane in {Lane.HELD, Lane.PAUSED, Lane.REJECTED}:
        parts.append(LANES[row.lane].both())
    return Content("  ").join(parts)


class FieldChanges(Page):
    """The panel of the highlighted change."""

    def show_change(self, row: ChangeRow | None) -> None:
        """Show a change, or nothing."""
        title = "Fields" if row is None else _title(row)
        self.show(lambda width: () if row is None else panel_lines(row, width), title=title)


def panel_lines(row: ChangeRow, width: int) -> Iterator[Content]:
    """All of a change, for a panel of ``width`` cells."""
    yield from Content.styled(drawable(row.label or row.id), "bold").wrap(width)
    yield from _where(row, width)
    yield Content("")
    changes = field_changes(row)
    if row.verb is not Verb.UPDATE:
        yield from one_sided(row.verb, changes, width)
    else:
        yield from two_sided(changes, width)


def two_sided(changes: list[FieldChange], width: int) -> Iterator[Content]:
    """Fields before and after, beside each other where there is room."""
    return _beside(changes, width) if width >= BESIDE_FROM else _stacked(changes, width)


def _title(row: ChangeRow) -> str:
    sign = VERBS[row.verb]
    return f"{sign.mark} {sign.word} {kind_word(row.kind, 1)}"


def _where(row: ChangeRow, width: int) -> Iterator[Content]:
    parts = [Content.styled(drawable(row.id), "$muted")]
    if row.school_name:
        parts.append(Content.styled(drawable(row.school_name), "$muted"))
    parts.append(LANES[row.lane].both())
    if row.hold and row.lane is Lane.HELD:
        parts.append(Content.styled(row.hold, "$muted"))
    yield from Content.styled(" · ", "$rule").join(parts).wrap(width)


def one_sided(verb: Verb, changes: list[FieldChange], width: int) -> Iterator[Content]:
    """The fields of what comes, or of what goes."""
    sign = VERBS[verb]
    names = _name_width(changes, width)
    mark = Content.styled(sign.mark, sign.style)
    for change in changes:
        value = Content(drawable((change.after if verb is Verb.ADD else change.before) or ""))
        name = Content.styled(field_name(change.field), "$muted")
        rest = width - names - GAP - _MARK
        if value.cell_length <= rest:
            yield from side_by_side([name, mark + " " + value], [names, rest + _MARK])
        else:
            yield name
            yield from _marked(mark, value, width)


def _beside(changes: list[FieldChange], width: int) -> Iterator[Content]:
    names = _name_width(changes, width)
    half = (width - names - 2 * GAP) // 2
    widths = [names, half, half]
    space = Content(" ")
    heads = [Content.styled(word, "bold $muted") for word in ("field", "before", "after")]
    yield from side_by_side(heads, widths)
    for change in changes:
        cells = [
            Content.styled(field_name(change.field), "$muted"),
            space.join(_side("-", change.before, "$remove")),
            space.join(_side("+", change.after, "$add")),
        ]
        yield from side_by_side(cells, widths)


def _stacked(changes: list[FieldChange], width: int) -> Iterator[Content]:
    for change in changes:
        yield Content.styled(field_name(change.field), "$muted")
        for mark, value, style in (("-", change.before, "$remove"), ("+", change.after, "$add")):
            yield from _marked(*_side(mark, value, style), width)


def _marked(mark: Content, value: Content, width: int) -> Iterator[Content]:
    """A value under its field's name, set in, with its mark before the first line."""
    for number, line in enumerate(value.wrap(max(1, width - 2 * _MARK))):
        yield (mark if number == 0 else Content(" ")).pad_left(_MARK).pad_right(1) + line.rstrip()


def _side(mark: str, value: str | None, style: str) -> tuple[Content, Content]:
    if value is None:
        return Content(" "), Content.styled(NOTHING, "italic $muted")
    return Content.styled(mark, style), Content(drawable(value))


def _name_width(changes: Iterable[FieldChange], width: int) -> int:
    longest = max((len(field_name(change.field)) for change in changes), default=0)
    return min(longest, max(8, width * 2 // 5))


def _field_line(verb: Verb, change: FieldChange) -> Content:
    name = Content.styled(f"  {field_name(change.field)}: ", "$muted")
    if verb is Verb.ADD:
        return Content.assemble(name, drawable(change.after or ""))
    if verb is Verb.REMOVE:
        return Content.assemble(name, drawable(change.before or ""))
    return Content.assemble(
        name,
        drawable(NOTHING if change.before is None else change.before),
        (" → ", "$update"),
        drawable(NOTHING if change.after is None else change.after),
    )


def _arrow(change: FieldChange) -> str:
    before = NOTHING if change.before is None else change.before
    after = NOTHING if change.after is None else change.after
    return f"{field_name(change.field)}: {before} → {after}"


def _in_order(kind: Kind, fields: set[str]) -> list[str]:
    known = list(SHAPES[kind].fields)
    rank = {field: place for place, field in enumerate(known)}
    last = len(known)
    return sorted(fields, key=lambda field: (rank.get(field, last), field == EXTENSIONS, field))


def _words(value: Value) -> str | None:
    return None if value is None else value_words(value)
