"""What the rules would hold of a changeset that is not saved yet."""

from __future__ import annotations

from collections import Counter

import numpy as np
from sqlalchemy import Connection

from rollbook.changes.changeset import Changeset
from rollbook.changes.positions import places_of
from rollbook.changes.waiting import along, dependents
from rollbook.config.district import District
from rollbook.directory.audit import Actor
from rollbook.holds.rules import judge
from rollbook.roster.kinds import Kind
from rollbook.runs.case import case_of, names_with
from rollbook.runs.former_people import strangers
from rollbook.runs.saving import returning
from rollbook.runs.with_strangers import what_is_theirs


def held_of_an_undo(
    connection: Connection, actor: Actor, district: District, changeset: Changeset
) -> Counter[Kind]:
    """How many changes of each kind would wait for a person, were the changeset an undo's."""
    changes = changeset.changes
    versions = returning(connection, district.id, changes)
    others = strangers(connection, district.id, changes, versions).quite
    case = case_of(
        connection,
        actor,
        district,
        changeset,
        unpaused=np.ones(len(changes), np.bool_),
        expected=None,
        names=names_with(connection, district.id, changes),
        review="",
        first=False,
        inverse=True,
        strangers=others,
    )
    raised = judge(case)
    held = np.zeros(len(changes), np.bool_)
    if raised:
        edges = dependents(changes, what_is_theirs(connection, district.id, changes, others))
        for hold in raised:
            held |= hold.whole_run | along(edges, hold.positions.places, len(changes))
    found: Counter[Kind] = Counter()
    for (kind, _, _, _), number in changes.columns.cells(places_of(held)).items():
        found[kind] += number
    return found
