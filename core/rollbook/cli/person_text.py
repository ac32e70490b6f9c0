"""A person's card, in words and as a document."""

from __future__ import annotations

from rollbook.cli.documents import plain
from rollbook.cli.tables import Column, print_block, print_table, say
from rollbook.desk.views import PersonView
from rollbook.roster.records import Value, text
from rollbook.roster.student_facts import FIELDS


def person_document(view: PersonView) -> dict[str, object]:
    """The card with names for what are pairs and triples in the view."""
    document = plain(view)
    assert isinstance(document, dict)
    document["enrollments"] = [
        {"id": id_, "values": plain(values), "class_title": title}
        for id_, values, title in view.enrollments
    ]
    document["guardians"] = [
        {"id": id_, "label": label, "role": role} for id_, label, role in view.guardians
    ]
    return document


def print_person(view: PersonView) -> None:
    """Print the card: fields, roles, classes, family."""
    say(f"{view.label}  {view.id}{'  removed' if view.removed else ''}")
    print_block(
        [
            ("school", view.school_name),
            *((field, shown(value)) for field, value in view.values.items()),
            *((field, shown(value)) for field, value in (view.demographics or {}).items()),
            ("merged in", ", ".join(view.merged)),
            ("version", str(view.version)),
        ]
    )
    if view.roles:
        say()
        rows = [(text(r, "role") or "", text(r, "org_id") or "") for r in view.roles]
        print_table([Column("role"), Column("at")], rows)
    if view.enrollments:
        say()
        print_table(
            [
                Column("class", wraps=True),
                Column("as"),
                Column("from"),
                Column("to"),
                Column("enrollment", wraps=True),
            ],
            [
                (
                    title,
                    text(values, "role") or "",
                    text(values, "begin_date") or "-",
                    text(values, "end_date") or "-",
                    id_,
                )
                for id_, values, title in view.enrollments
            ],
        )
    for facts in view.facts:
        say()
        say(f"{facts.topic.value} {facts.label}: {facts.in_words}")
        names = [name for name in FIELDS[facts.topic] if any(name in e for e in facts.entries)]
        print_table(
            [Column(name, wraps=name in _LONG) for name in names],
            [tuple(_cell(entry.get(name)) for name in names) for entry in facts.entries],
        )
    if view.guardians:
        say()
        family = [(label, role, id_) for id_, label, role in view.guardians]
        print_table([Column("family"), Column("as"), Column("id")], family)


_LONG = frozenset({"reason", "action"})


def _cell(value: str | bool | float | None) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return shown(value)


def shown(value: Value) -> str:
    """A field's value as it is read."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, dict):
        return ", ".join(f"{name}={item}" for name, item in value.items())
    return value
