"""One district's configuration, as it stands in ``districts/ID.toml``."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from rollbook.config.accounts import Accounts
from rollbook.config.calendar import Calendar
from rollbook.config.grades import Grades
from rollbook.config.notices import Notices
from rollbook.config.schedule import Schedule
from rollbook.config.sources import Source

ID_PATTERN = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")

Percent = Annotated[float, Field(gt=0, le=100)]


def _is_timezone(name: str) -> bool:
    """Whether there is such a zone. Listing them all would take longer than reading the file."""
    if name == "posixrules" or name.startswith(("posix/", "right/")):
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """Itself, for it never changes: a district gets a copy of what its file leaves out."""
        return self


class Thresholds(_Table):
    """The limits of the rules.

    Counts are records, percents are of what the directory holds; a rule trips at the limit.
    R3 has the limits of R1 and R2; R0 and R7 have none.
    """

    removal_floor: Annotated[int, Field(ge=1)] = 5
    removal_percent: Percent = 10.0
    removal_cap_user: Annotated[int, Field(ge=1)] = 250
    removal_cap_enrollment: Annotated[int, Field(ge=1)] = 2500
    rekey_floor: Annotated[int, Field(ge=1)] = 5
    rekey_percent: Percent = 20.0
    update_floor: Annotated[int, Field(ge=1)] = 5
    update_percent: Percent = 75.0
    key_update_percent: Percent = 20.0
    surge_floor: Annotated[int, Field(ge=1)] = 50
    surge_percent: Annotated[float, Field(gt=0, le=1000)] = 50.0
    rejected_percent: Percent = 1.0
    shrink_percent: Percent = 30.0
    review_after_pause_days: Annotated[int, Field(ge=1)] = 7
    rename_floor: Annotated[int, Field(ge=1)] = 5
    rename_percent: Percent = 1.0
    move_floor: Annotated[int, Field(ge=1)] = 25
    move_percent: Percent = 5.0


_OF_ACCOUNTS = ("rename_floor", "rename_percent", "move_floor", "move_percent")
"""Limits that came later: at their defaults they leave a policy's revision what it was."""


class Approvals(_Table):
    """How long an approval (a day at most) and a changeset that waits stay good.

    ``single_operator`` is for a district that only one person looks after: what wants two people
    is then approved by one of them, twice.
    """

    approval_hours: Annotated[int, Field(ge=1, le=24)] = 24
    changeset_days: Annotated[int, Field(ge=1, le=60)] = 7
    single_operator: bool = False


class Expected(_Table):
    """What the operator expects, for checklists: the number of students, per school or in all."""

    students: Annotated[int, Field(ge=0)] | None = None
    schools: dict[str, Annotated[int, Field(ge=0)]] = {}


class District(_Table):
    """A district: its name, its zone, its source and its limits.

    ``protected_ids`` are the ids of people whom no sync takes out by itself (R7).
    """

    id: str
    name: Annotated[str, Field(min_length=1, max_length=200)]
    timezone: str = "UTC"
    source: Source
    thresholds: Thresholds = Thresholds()
    approvals: Approvals = Approvals()
    expected: Expected = Expected()
    calendar: Calendar = Calendar()
    grades: Grades = Grades()
    schedule: Schedule = Schedule()
    accounts: Accounts | None = None
    notices: Notices | None = None
    protected_ids: tuple[Annotated[str, Field(min_length=1)], ...] = ()

    @field_validator("id")
    @classmethod
    def _id_is_a_file_name(cls, value: str) -> str:
        if not ID_PATTERN.fullmatch(value):
            raise ValueError("use lower-case letters, digits, '-' and '_', a letter or digit first")
        return value

    @field_validator("timezone")
    @classmethod
    def _timezone_exists(cls, value: str) -> str:
        if not _is_timezone(value):
            raise ValueError("not an IANA time zone such as America/Chicago")
        return value

    def policy_revision(self) -> str:
        """A digest of what decides over a changeset: another one makes the next run a review."""
        decides = self.model_dump(
            mode="json",
            include={
                "thresholds": True,
                "protected_ids": True,
                "approvals": {"single_operator"},
            },
        )
        for name in _OF_ACCOUNTS:
            if decides["thresholds"][name] == Thresholds.model_fields[name].default:
                del decides["thresholds"][name]
        decides["source"] = self.source.decides()
        return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:16]
