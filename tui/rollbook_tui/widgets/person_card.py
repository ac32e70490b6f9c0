"""A person's card as lines: who it is, what they have, and whom they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from textual.content import Content

from rollbook.desk.views import Kind, PersonView
from rollbook.roster.kinds import SHAPES
from rollbook.roster.records import Values, text
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.field_changes import field_name, value_words
from rollbook_tui.widgets.side_by_side import labelled
from rollbook_tui.words import counted

TWO_COLUMNS_FROM = 100
"""From this width on, what a person has stands beside who they are."""

BETWEEN = 4

IN_THE_HEAD = frozenset({"given_name", "family_name", "grades", "primary_role", "primary_org_id"})
"""Fields that the first lines of the card say already."""


def card_lines(view: PersonView, width: int) -> Iterator[Content]:
    """The card for a width in cells."""
    yield from head_lines(view, width)
    yield Content("")
    if width < TWO_COLUMNS_FROM:
        yield from _sections(width, _who(view, width), _has(view, width))
        return
    half = (width - BETWEEN) // 2
    left = _sections(half, _who(view, half))
    right = _sections(half, _has(view, half))
    for one, other in zip_longest(left, right, fillvalue=Content("")):
        yield one.pad_right(half + BETWEEN - one.cell_length) + other


def head_lines(view: PersonView, width: int) -> Iterator[Content]:
    """Name, then role, grade and school, then the ids."""
    name = Content.styled(drawable(view.label or view.id), "bold $primary")
    if view.removed:
        name = Content.assemble(name, "   ", ("- removed", "$remove"))
    yield from name.wrap(width)
    yield from _dotted(person_words(view)).wrap(width)
    yield from _dotted(id_words(view), "$muted").wrap(width)


def person_words(view: PersonView) -> list[str]:
    """``student``, ``grade 05``, ``Oak Elementary``: as much as is known."""
    values = view.values
    words = [text(values, "primary_role") or _first_role(view)]
    if grades := values.get("grades"):
        words.append(f"grade {value_words(grades)}")
    words.append(view.school_name)
    return [word for word in words if word]


def id_words(view: PersonView) -> list[str]:
    """The id and, where there is one, the number that people know."""
    number = text(view.values, "identifier")
    return [view.id, *([f"number {number}"] if number else [])]


def _first_role(view: PersonView) -> str:
    return next((role for values in view.roles if (role := text(values, "role"))), "")


Section = tuple[str, list[Content]]


def _who(view: PersonView, width: int) -> Iterator[Section]:
    yield "Details", _fields(Kind.USER, view.values, width)
    if view.demographics:
        yield "Demographics", _fields(Kind.DEMOGRAPHICS, view.demographics, width)


def _has(view: PersonView, width: int) -> Iterator[Section]:
    yield f"Roles · {len(view.roles)}", _lines(map(_role, view.roles), width)
    classes = counted(len(view.enrollments), "class", "classes")
    yield f"Enrolled in {classes}", _lines(map(_enrollment, view.enrollments), width)
    family = [_named(label, person) for person, label, _ in view.guardians]
    yield f"Family · {len(view.guardians)}", _lines(family, width)
    if view.merged:
        lines = _lines(map(Content, map(drawable, view.merged)), width)
        yield f"Made one with · {len(view.merged)}", lines


def _sections(width: int, *groups: Iterable[Section]) -> Iterator[Content]:
    for title, lines in (section for group in groups for section in group):
        yield Content.styled(title, "bold $muted")
        yield from lines or [Content.styled("none", "italic $muted")]
        yield Content("")


def _fields(kind: Kind, values: Values, width: int) -> list[Content]:
    names = [name for name in SHAPES[kind].fields if name in values and name not in IN_THE_HEAD]
    names += [name for name in values if name not in SHAPES[kind].fields]
    longest = max((len(name) for name in names), default=0)
    label = min(longest, max(10, width // 3))
    return [
        line
        for name in names
        for line in labelled(
            field_name(name), Content(drawable(value_words(values[name]))), label, width
        )
    ]


def _role(values: Values) -> Content:
    return _named(text(values, "role") or "", text(values, "org_id") or "")


def _enrollment(enrollment: tuple[str, Values, str]) -> Content:
    record_id, values, title = enrollment
    role = text(values, "role") or ""
    since = text(values, "begin_date")
    until = text(values, "end_date")
    dates = " to ".join(date for date in (since, until) if date)
    return _named(title or record_id, " ".join(word for word in (role, dates) if word))


def _named(name: str, note: str) -> Content:
    return Content.assemble(drawable(name), ("  " + drawable(note), "$muted"))


def _lines(contents: Iterable[Content], width: int) -> list[Content]:
    return [line for content in contents for line in content.wrap(width)]


def _dotted(words: list[str], style: str = "$foreground") -> Content:
    return Content.styled(" · ", "$rule").join(Content.styled(drawable(w), style) for w in words)
