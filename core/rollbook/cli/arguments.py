"""Arguments that several commands take, and what people may type for a time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click
from click.shell_completion import CompletionItem

from rollbook.cli.settings import home_folder
from rollbook.desk.views import Kind, RoleGroup, Verb

_SPAN = re.compile(r"(\d{1,5})\s*([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

KINDS = click.Choice([kind.value for kind in Kind])
VERBS = click.Choice([verb.value for verb in Verb])
ROLES = click.Choice([role.value for role in RoleGroup])


class DistrictId(click.ParamType[str]):
    """A district's id, completed from the files in the home folder."""

    name = "id"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The districts whose id begins like that."""
        files = sorted((home_folder(ctx) / "districts").glob("*.toml"))
        return [CompletionItem(file.stem) for file in files if file.stem.startswith(incomplete)]


class Day(click.ParamType[date]):
    """A date as ``YYYY-MM-DD``."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date; fails with what was expected."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date; write it as 2026-08-31.", param, ctx)


LIMIT = click.IntRange(1, 10**9)
"""How many to list: more than there can be, and no more than a store can count."""

DISTRICT = DistrictId()
DAY = Day()


def parse_until(text: str, now: datetime, zone: str) -> datetime:
    """The moment that ``8h``, ``3d``, ``2026-08-31`` or an ISO time means, in UTC.

    A date is its midnight, and a time without an offset is a time, in ``zone``. Raises
    ``click.BadParameter`` for anything else, and for a time that no calendar has.
    """
    try:
        return _moment(text, now, zone)
    except OverflowError:
        raise click.BadParameter(f"{text!r} is too far away.", param_hint="--until") from None


def _moment(text: str, now: datetime, zone: str) -> datetime:
    if span := _SPAN.fullmatch(text.strip()):
        return now + timedelta(**{_UNITS[span[2]]: int(span[1])})
    try:
        day = date.fromisoformat(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise click.BadParameter(
                f"{text!r} is no time; write 8h, 3d, 2026-08-31 or 2026-08-31T07:00.",
                param_hint="--until",
            ) from None
    else:
        moment = datetime.combine(day, time())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return moment.astimezone(UTC)
