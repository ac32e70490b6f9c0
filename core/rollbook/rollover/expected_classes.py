"""Which changes of classes, courses, sessions and enrollments a plan announces."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rollbook.changes.columns import Columns
from rollbook.changes.positions import Mask
from rollbook.changes.shapes import Trait
from rollbook.rollover.expected_plan import ClassFate
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind

OF_CLASSES = (Kind.ACADEMIC_SESSION, Kind.COURSE, Kind.CLASS, Kind.ENROLLMENT)
"""The kinds that are replaced with a school year or a term."""

SUCCEEDED = 0.5
"""The share of what goes that must come anew in the same run for it to be replaced: a file that
was cut off has fewer."""

_CLASS_SLOT = 1


def expected_classes(columns: Columns, fate: ClassFate) -> Mask:
    """Old classes and what is in them going, new ones and what is in them coming.

    A seat that comes or goes in a class that stays is none of it, and neither is any update.
    """
    found = np.zeros(len(columns), np.bool_)
    if fate is ClassFate.STAY:
        return found
    unlinked = ~columns.has(Trait.LINKED)
    for verb in (Verb.ADD, Verb.REMOVE):
        for kind in (Kind.ACADEMIC_SESSION, Kind.COURSE, Kind.CLASS):
            found[columns.places[kind, verb]] = True
        classes = columns.id[columns.places[Kind.CLASS, verb]]
        seats = columns.places[Kind.ENROLLMENT, verb]
        found[seats[np.isin(columns.slots[_CLASS_SLOT][seats], classes)]] = True
    return found & unlinked


def not_succeeded(columns: Columns, expected: Mask) -> Iterator[tuple[Kind, int]]:
    """Of what goes of each kind, the schools (by their code) where too little comes in its
    place."""
    for kind in OF_CLASSES:
        gone = columns.places[kind, Verb.REMOVE]
        gone = gone[expected[gone]]
        come = columns.places[kind, Verb.ADD]
        number = len(columns.schools)
        leaving = np.bincount(columns.school[gone], minlength=number)
        coming = np.bincount(columns.school[come], minlength=number)
        # A new school year may begin with one session where the old one ended with four.
        wanted = leaving > 0 if kind is Kind.ACADEMIC_SESSION else SUCCEEDED * leaving
        short = np.flatnonzero((leaving > 0) & (coming < wanted))
        for school in short.tolist():
            yield kind, school
