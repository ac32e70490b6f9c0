"""What a checklist is made of: steps, who ticks them, and how they read for a type of source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rollbook.rollover.facts import Facts
from rollbook.rollover.steps import Rule, Standing, Verdict


class Family(StrEnum):
    """Where a roster comes from, as far as a school year is walked through another way."""

    CLEVER = "Clever"
    CLASSLINK = "ClassLink"
    ONEROSTER = "OneRoster REST"
    FILES = "files"
    SFTP = "files on SFTP"


FILES = (Family.FILES, Family.SFTP)

_TYPES: Mapping[str, Family] = {
    **{"clever-api": Family.CLEVER, "clever-csv": Family.CLEVER},
    **{"classlink": Family.CLASSLINK, "oneroster-rest": Family.ONEROSTER},
}


def family_of(source_type: str, on_sftp: bool) -> Family:
    """The family of a type of source; one of files that are fetched from a server is SFTP's."""
    return _TYPES.get(source_type, Family.SFTP if on_sftp else Family.FILES)


@dataclass(frozen=True, slots=True)
class Step:
    """One step; without a rule it is ticked by hand.

    ``more`` is said beside ``help`` to a family of sources, ``only`` names those that have the step
    at all (none: every one).
    """

    id: str
    title: str
    help: str
    rule: Rule | None = None
    more: Mapping[Family, str] = field(default_factory=dict)
    only: tuple[Family, ...] = ()

    def help_for(self, family: Family) -> str:
        """What to do, for a family of sources."""
        return " ".join(filter(None, (self.help, self.more.get(family))))


def _once(facts: Facts) -> str:
    return "once"


def _never(facts: Facts) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist; ``period`` names, from the facts, the time for which its ticks are good, and
    ``due`` says whether that time has come."""

    name: str
    title: str
    intro: str
    steps: tuple[Step, ...]
    period: Callable[[Facts], str] = _once
    due: Callable[[Facts], bool] = _never

    def steps_for(self, family: Family) -> tuple[Step, ...]:
        """The steps that a family of sources has."""
        return tuple(step for step in self.steps if not step.only or family in step.only)


def judge_step(step: Step, facts: Facts, ticked: bool) -> Verdict:
    """How a step stands: by its rule where it has one, else as it was ticked."""
    if step.rule is not None:
        return step.rule(facts)
    return Verdict(Standing.DONE, "") if ticked else Verdict(Standing.OPEN, "")
