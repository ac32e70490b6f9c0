"""A district's account policy, as it stands under ``[accounts]`` in its file."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from rollbook.config.account_template import (
    EMAIL_PARTS,
    GROUP_PARTS,
    PLACE_PARTS,
    USERNAME_PARTS,
    Template,
    parse_template,
    parts_of,
)

LOCAL_PART = 64
"""Characters before the ``@`` of an address at most (RFC 5321)."""

_DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_PLAIN = re.compile(r"[A-Za-z0-9._-]*")
_MONTH_AND_DAY = re.compile(r"\d\d-\d\d")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _a_list(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _is_a_time(value: object) -> object:
    """Whole days, or the month and day of a year that is not a leap year."""
    if isinstance(value, str):
        if not _MONTH_AND_DAY.fullmatch(value):
            raise ValueError("use days, or a date of every year such as 09-01")
        date.fromisoformat(f"2001-{value}")
    return value


def _is_a_day_of_the_year(value: str) -> str:
    _is_a_time(value)
    return value


DayOfTheYear = Annotated[str, AfterValidator(_is_a_day_of_the_year)]
Templates = Annotated[tuple[str, ...], BeforeValidator(_a_list)]
Days = Annotated[int, Field(ge=0, le=3650)]
Time = Annotated[Days | str, BeforeValidator(_is_a_time)]
"""Days from an event on, or the first such date of the year after it."""


class Leaving(_Table):
    """What becomes of an account whose person is gone for one reason.

    ``suspend_after`` counts from the day on which rollbook learns of it, ``delete_after`` from the
    suspension; without it the account is kept suspended. No sync deletes: the account becomes due.
    """

    suspend_after: Time = 0
    delete_after: Time | None = None


class AccountPolicy(_Table):
    """How the accounts of one role are named, placed and ended.

    The templates of ``username`` and ``email`` are tried in order; where all are taken, the first
    gets a number. Without ``email`` there is no address, without ``ou`` no place.
    """

    username: Annotated[Templates, Field(min_length=1, max_length=10)]
    email: Annotated[Templates, Field(max_length=10)] = ()
    ou: str = ""
    groups: Annotated[Templates, Field(max_length=50)] = ()
    names: Literal["preferred", "legal"] = "preferred"
    hyphens: Literal["drop", "keep", "first"] = "drop"
    spaces: Literal["drop", "hyphen", "first"] = "drop"
    particles: Literal["keep", "drop"] = "keep"
    length: Annotated[int, Field(ge=6, le=64)] = 20
    suffix_from: Annotated[int, Field(ge=1, le=99)] = 2
    rename: bool = True
    password: Literal["random", "none"] = "random"
    left: Leaving = Leaving()
    graduated: Leaving = Leaving()
    disabled: Leaving = Leaving()

    @field_validator("username")
    @classmethod
    def _usernames(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            template = parse_template(text, USERNAME_PARTS)
            if not parts_of(template):
                raise ValueError(f"{text!r} is the same for everybody; give it a part")
            _plain_only(text, template)
        return value

    @field_validator("email")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            if text == SIS_EMAIL:
                continue
            local, at, domain = text.partition("@")
            if not at or not _DOMAIN.fullmatch(domain):
                raise ValueError(
                    f"{text!r} has to end with '@' and a domain in small letters, or be {SIS_EMAIL}"
                )
            template = parse_template(local, EMAIL_PARTS)
            if not parts_of(template):
                raise ValueError(f"{text!r} is the same for everybody; give it a part")
            _plain_only(local, template)
        return value

    @field_validator("ou")
    @classmethod
    def _place(cls, value: str) -> str:
        parse_template(value, PLACE_PARTS)
        return value

    @field_validator("groups")
    @classmethod
    def _groups(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            parse_template(text, GROUP_PARTS)
        return value


SIS_EMAIL = "{sis_email}"
"""The template of an address that is the one that the SIS has."""


def _plain_only(text: str, template: Template) -> None:
    for piece in template:
        if isinstance(piece, str) and not _PLAIN.fullmatch(piece):
            raise ValueError(f"{text!r}: use letters, digits, '.', '-' and '_' between the parts")


class Override(_Table):
    """What one person's account is to be, whatever the policy says; blank fields follow it."""

    username: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")] | None = None
    email: Annotated[str, Field(pattern=r"^[^@\s]{1,64}@[^@\s]{1,253}$")] | None = None
    ou: Annotated[str, Field(min_length=1, max_length=500)] | None = None


class Accounts(_Table):
    """The policies by role, and the people who are exempt from them.

    ``exclude`` are ids of people whose accounts rollbook leaves alone; ``file`` is a CSV file with
    overrides and exclusions beside those that stand here. Who leaves from the top grade between
    the two dates of ``graduation`` has graduated.
    """

    student: AccountPolicy | None = None
    staff: AccountPolicy | None = None
    overrides: dict[str, Override] = {}
    exclude: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    file: Path | None = None
    graduation: tuple[DayOfTheYear, DayOfTheYear] = ("05-01", "09-30")

    def revision(self) -> str:
        """A digest of all that decides what accounts are to be; the file counts by what is in it,
        and as blank where it cannot be read."""
        decides = self.model_dump(mode="json")
        if self.file is not None:
            try:
                decides["file"] = hashlib.sha256(self.file.expanduser().read_bytes()).hexdigest()
            except (OSError, RuntimeError):
                decides["file"] = ""
        return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:16]
