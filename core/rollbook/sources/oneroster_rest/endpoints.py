"""The lists of a OneRoster server that are read, and the files of the normal set that they feed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rollbook.errors import InputRefused
from rollbook.roster.kinds import Kind
from rollbook.sources.json_cells import Object
from rollbook.sources.oneroster_csv.layouts import (
    CLASSES,
    COURSES,
    DEMOGRAPHICS,
    ENROLLMENTS,
    ORGS,
    SESSIONS,
    USERS_1P2,
    Layout,
)
from rollbook.sources.oneroster_rest import objects

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One list: its name in the path and in the answer, the name of a single object's answer, the
    layout of its file, and how an object becomes a row of that."""

    name: str
    single: str
    layout: Layout
    row: Callable[[Object], dict[str, str]]

    @property
    def kind(self) -> Kind:
        """The kind of the records."""
        return self.layout.kind

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that its rows may have; those of the set itself come on top."""
        return ("status", *(column.header for column in self.layout.columns))


ENDPOINTS = (
    Endpoint("orgs", "org", ORGS, objects.org),
    Endpoint("academicSessions", "academicSession", SESSIONS, objects.session),
    Endpoint("courses", "course", COURSES, objects.course),
    Endpoint("classes", "class", CLASSES, objects.class_),
    Endpoint("users", "user", USERS_1P2, objects.user),
    Endpoint("enrollments", "enrollment", ENROLLMENTS, objects.enrollment),
    Endpoint("demographics", "demographics", DEMOGRAPHICS, objects.demographics),
)
"""In the order in which they are pulled."""

INDISPENSABLE = frozenset({"orgs", "users"})
"""Lists that cannot be empty: without them there is nobody and nowhere."""


def empty_list(name: str, where: str) -> InputRefused:
    """The refusal of a list that cannot be empty; ``where`` it was asked for."""
    return InputRefused(
        f"The list {name} is empty, without which there is no roster.",
        code="empty-list",
        file=where,
        remedy="Check what the key may read, and that the server has this year's data.",
    )
