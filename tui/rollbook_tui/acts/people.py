"""Decisions about people: one person, two people, two people again."""

from __future__ import annotations

from textual.content import Content

from rollbook.desk import people
from rollbook.desk.views import MergeView
from rollbook_tui.dialogs.confirm import Confirm
from rollbook_tui.dialogs.decide import Decide
from rollbook_tui.screens.base import ConsoleScreen
from rollbook_tui.untrusted import drawable


async def tell_apart(
    screen: ConsoleScreen, district_id: str, ids: tuple[str, str], names: tuple[str, str]
) -> bool:
    """Ask, and note that the two are different people; false when it was not wanted."""
    lines = [_person(name, person) for name, person in zip(names, ids, strict=True)]
    body = Content("\n").join(
        [
            *lines,
            Content(""),
            Content("The pair is not proposed again. Nothing else is changed."),
        ]
    )
    question = Confirm("Two different people?", body, yes="Two people")
    if not await screen.app.push_screen_wait(question):
        return False
    await screen.act(district_id, "telling two people apart", people.distinct, district_id, *ids)
    screen.say("They are two people, and are not proposed again.")
    return True


async def split_merge(screen: ConsoleScreen, merge: MergeView) -> None:
    """Ask for a reason, and take a merge back."""
    body = Content("\n").join(
        [
            _person(merge.label, merge.keep),
            Content.assemble(("gives back ", "$muted"), drawable(merge.lose)),
            Content(""),
            Content("Two people again, each with what they had before the merge."),
            Content("What came with later syncs stays where it is."),
        ]
    )
    question = Decide(f"Split {merge.id}?", body, yes="Split")
    reason = await screen.app.push_screen_wait(question)
    if reason is None:
        return
    await screen.act(merge.district, "splitting", people.split, merge.id, reason=reason)
    screen.say(f"{merge.keep} and {merge.lose} are two people again.", title=f"{merge.id} split")


def _person(name: str, person: str) -> Content:
    return Content.assemble((drawable(name), "bold"), ("  " + drawable(person), "$muted"))
