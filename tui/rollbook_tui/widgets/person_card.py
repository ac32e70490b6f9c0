"""A person's card as lines: who it is, what they have, and whom they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from textual.content import Content

from rollbook.desk.fact_views import StudentFacts
from rollbook.desk.views import Kind, PersonView
from rollbook.roster.kinds import SHAPES
from rollbook.roster.records import Values, text
from rollbook.roster.student_facts import Entry
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.field_changes import field_name, value_words
from rollbook_tui.widgets.side_by_side import GAP, labelled, side_by_side
from rollbook_tui.words import counted

TWO_COLUMNS_FROM = 100
"""From this width on, what a person has stands beside who they are."""

BETWEEN = 4

LAST_ENTRIES = 4
"""Absences and incidents that are shown one by one."""

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
    shape = SHAPES[Kind.USER].fields
    names = [
        *(n for n in shape if n not in IN_THE_HEAD),
        *(n for n in view.values if n not in shape),
    ]
    yield (
        "Details",
        _facts([(n, value_words(view.values[n])) for n in names if n in view.values], width),
    )
    if view.demographics:
        yield "Demographics", _facts(_demographics(view.demographics), width)


def _has(view: PersonView, width: int) -> Iterator[Section]:
    yield f"Roles · {len(view.roles)}", _pairs([_role(view, role) for role in view.roles], width)
    classes = counted(len(view.enrollments), "class", "classes")
    yield f"Enrolled in {classes}", _pairs(sorted(map(_enrollment, view.enrollments)), width)
    for facts in view.facts:
        yield f"{facts.topic.capitalize()} · {facts.label}", _year(facts, width)
    family = [(label, f"{role}  {person}") for person, label, role in view.guardians]
    yield f"Family · {len(view.guardians)}", _pairs(family, width)
    if view.merged:
        ids = [(person, "") for person in view.merged]
        yield f"Made one with · {len(view.merged)}", _pairs(ids, width)


def _year(facts: StudentFacts, width: int) -> list[Content]:
    """What a school year comes to, then what was last."""
    lines = list(Content(drawable(facts.in_words)).wrap(width))
    dated = [entry for entry in facts.entries if "date" in entry]
    return [*lines, *_pairs([_entry(entry) for entry in dated[:LAST_ENTRIES]], width)]


def _entry(entry: Entry) -> tuple[str, str]:
    words = [entry.get(name) for name in ("type", "action", "reason")]
    if "excused" in entry:
        words.insert(1, "excused" if entry["excused"] else "unexcused")
    return str(entry["date"]), ", ".join(str(word) for word in words if word)


def _demographics(values: Values) -> list[tuple[str, str]]:
    """Texts as they are; of the flags those that are set, in one line."""
    known = {name: values[name] for name in SHAPES[Kind.DEMOGRAPHICS].fields if name in values}
    facts = [(n, value_words(v)) for n, v in known.items() if not isinstance(v, bool)]
    if flags := [field_name(name) for name, value in known.items() if value is True]:
        facts.append(("race, ethnicity", ", ".join(flags)))
    return facts


def _sections(width: int, *groups: Iterable[Section]) -> Iterator[Content]:
    for title, lines in (section for group in groups for section in group):
        yield Content.styled(title, "bold $muted")
        yield from lines or [Content.styled("none", "italic $muted")]
        yield Content("")


def _facts(facts: Sequence[tuple[str, str]], width: int) -> list[Content]:
    longest = max((len(name) for name, _ in facts), default=0)
    label = min(longest, max(10, width // 3))
    return [
        line
        for name, text in facts
        for line in labelled(field_name(name), Content(drawable(text)), label, width)
    ]


def _pairs(pairs: Sequence[tuple[str, str]], width: int) -> list[Content]:
    """Names in a column, and beside each what there is to say about it."""
    names = [Content(drawable(name)) for name, _ in pairs]
    longest = max((name.cell_length for name in names), default=0)
    column = min(longest, width // 2)
    notes = [Content.styled(drawable(note), "$muted") for _, note in pairs]
    return [
        line
        for cells in zip(names, notes, strict=True)
        for line in side_by_side(cells, [column, width - column - GAP])
    ]


def _role(view: PersonView, values: Values) -> tuple[str, str]:
    org = text(values, "org_id") or ""
    here = org == text(view.values, "primary_org_id")
    return text(values, "role") or "", view.school_name if here else org


def _enrollment(enrollment: tuple[str, Values, str]) -> tuple[str, str]:
    record_id, values, title = enrollment
    role = text(values, "role") or ""
    dates = (text(values, "begin_date"), text(values, "end_date"))
    period = " to ".join(date for date in dates if date)
    return title or record_id, " ".join(word for word in (role, period) if word)


def _dotted(words: list[str], style: str = "$foreground") -> Content:
    return Content.styled(" · ", "$rule").join(Content.styled(drawable(w), style) for w in words)
