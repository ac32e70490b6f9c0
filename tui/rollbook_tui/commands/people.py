"""What can be done with people: look one up, tell two apart, make one of two."""

from __future__ import annotations

from dataclasses import dataclass

from rollbook.desk.views import (
    DuplicatePair,
    MergeFieldView,
    MergePreview,
    MergeState,
    MergeView,
    PersonView,
)
from rollbook_tui.commands.command import Command, State


@dataclass(frozen=True)
class PersonState(State):
    """The person on the card, once it has been read."""

    person: PersonView | None = None


class CopyPerson(Command[PersonState]):
    """Copy the person's id."""

    id = "person.copy"
    action = "copy_person"
    label = "Copy id"
    keys = "y"
    footer = "Copy id"

    @classmethod
    def why_not(cls, state: PersonState) -> str | None:
        """There must be a person."""
        return None if state.person else "Nobody was found."


PERSON = (CopyPerson,)
"""The commands of a person's card."""


PAIRS, MADE = "pairs", "made"
"""The panes of the duplicates: likely pairs, and merges that were made."""


@dataclass(frozen=True)
class DuplicatesState(State):
    """The highlighted pair and the highlighted merge, if any."""

    pair: DuplicatePair | None = None
    merge: MergeView | None = None


class OpenMerge(Command[DuplicatesState]):
    """Put the two people side by side, and choose what becomes of them."""

    id = "duplicates.open"
    action = "open_merge"
    label = "Compare"
    keys = "enter"
    footer = "Compare"
    panes = frozenset({PAIRS})

    @classmethod
    def why_not(cls, state: DuplicatesState) -> str | None:
        """There must be a pair."""
        return None if state.pair else "No pair is highlighted."


class TwoPeople(Command[DuplicatesState]):
    """Say that the two are different people; the pair is not proposed again."""

    id = "duplicates.distinct"
    action = "two_people"
    label = "Two people"
    keys = "x"
    footer = "Two people"
    panes = frozenset({PAIRS})
    writes = True

    @classmethod
    def why_not(cls, state: DuplicatesState) -> str | None:
        """There must be a pair."""
        return None if state.pair else "No pair is highlighted."


class SplitMerge(Command[DuplicatesState]):
    """Take a merge back: two people again, each with what they had."""

    id = "duplicates.split"
    action = "split_merge"
    label = "Split"
    keys = "z"
    footer = "Split"
    panes = frozenset({MADE})
    writes = True

    @classmethod
    def why_not(cls, state: DuplicatesState) -> str | None:
        """There must be a merge, and it must still be in force."""
        if state.merge is None:
            return "No merge is highlighted."
        return None if state.merge.state is MergeState.ACTIVE else "It was split already."


class OtherList(Command[State]):
    """Go to the other list: likely pairs, or merges that were made."""

    id = "duplicates.other"
    action = "other_list"
    label = "Other list"
    keys = "tab,shift+tab"
    footer = "Other list"


DUPLICATES = (OpenMerge, TwoPeople, SplitMerge, OtherList)
"""The commands of the duplicates."""


@dataclass(frozen=True)
class MergingState(State):
    """The preview once it has been read, and the highlighted field, if it is one."""

    preview: MergePreview | None = None
    field: MergeFieldView | None = None


class _Choice(Command[MergingState]):
    """A choice of one field's value."""

    palette = False

    @classmethod
    def why_not(cls, state: MergingState) -> str | None:
        """Only where the two differ is there something to choose."""
        if state.field is None:
            return "This line comes along as it is; go to a field to choose its value."
        if state.field.keep == state.field.lose:
            return "Both have the same value."
        return None


class TakeLeft(_Choice):
    """Keep the value on the left for this field."""

    id = "merge.left"
    action = "take_left"
    label = "Take left"
    keys = "left,h"


class TakeRight(_Choice):
    """Take the value on the right for this field."""

    id = "merge.right"
    action = "take_right"
    label = "Take right"
    keys = "right,l"


class TakeOther(_Choice):
    """Take the other value for this field."""

    id = "merge.other"
    action = "take_other"
    label = "Other value"
    keys = "space"
    footer = "Other value"


class SwapPeople(Command[MergingState]):
    """Let the other record survive."""

    id = "merge.swap"
    action = "swap_people"
    label = "Swap"
    keys = "s"
    footer = "Swap"

    @classmethod
    def why_not(cls, state: MergingState) -> str | None:
        """They must have been read."""
        return None if state.preview else "They are still being read."


class MakeOne(Command[MergingState]):
    """Merge the two into the survivor; asks first, with what will move."""

    id = "merge.merge"
    action = "make_one"
    label = "Merge"
    keys = "m"
    footer = "Merge"
    writes = True

    @classmethod
    def why_not(cls, state: MergingState) -> str | None:
        """They must have been read."""
        return None if state.preview else "They are still being read."


class TellApart(Command[MergingState]):
    """Say that the two are different people; the pair is not proposed again."""

    id = "merge.distinct"
    action = "tell_apart"
    label = "Two people"
    keys = "x"
    footer = "Two people"
    writes = True

    @classmethod
    def why_not(cls, state: MergingState) -> str | None:
        """They must have been read."""
        return None if state.preview else "They are still being read."


MERGING = (MakeOne, TakeOther, TakeLeft, TakeRight, SwapPeople, TellApart)
"""The commands of a merge."""
