"""C9: an id under which somebody else comes. One is enough for a hold."""

from __future__ import annotations

from rollbook.changes.positions import Mask, Positions, places_of
from rollbook.holds.judgement import Case, Raised
from rollbook.roster.first_few import first_few
from rollbook.roster.kinds import Kind


def used_again(case: Case, known: Mask) -> list[Raised]:
    """One hold for all people who are quite others than those whose ids they have.

    What the former person had hangs on the id: seats, a card, an account. Who takes the place of a
    ``known`` record was found by all that is known of them.
    """
    strangers = Positions(case.strangers).mask(len(case.columns))
    places = places_of(strangers & case.unpaused() & ~known)
    if not len(places):
        return []
    changes = case.changeset.changes
    people = list(changes.ids(places))
    verbs = {change.verb for change in changes.at(places)}
    noun = "person" if len(people) == 1 else "people"
    return [
        Raised(
            rule="C9",
            title="ids used again",
            kind=Kind.USER,
            verb=verbs.pop() if len(verbs) == 1 else None,
            school=None,
            role=None,
            count=len(people),
            base=case.changeset.live.get((Kind.USER, None, None), 0),
            why=f"{len(people):,} {noun} would come under the id of somebody else, by both names "
            f"and by birthday or number: {first_few(people)}; one is enough for a hold.",
            cause="The SIS has given an id a second time, or two records have changed places. Who "
            "has the id gets the card and the seats that were another person's.",
            whole_run=False,
            positions=Positions(places),
        )
    ]
