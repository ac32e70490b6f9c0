"""Keys of a source as they are given on the command line: ``KEY=VALUE``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from typing import Any

import click


class Setting(click.ParamType[tuple[str, Any]]):
    """``KEY=VALUE``; what begins with ``[``, ``{`` or a quote is TOML, everything else is text."""

    name = "key=value"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Any]:
        """Key and value. What was given is not told again: it may be a secret."""
        if isinstance(value, tuple):
            return value
        key, found, text = value.partition("=")
        if not found or not all(part.strip() for part in key.split(".")):
            self.fail("write KEY=VALUE, such as mapping=/srv/sis/mapping.toml.", param, ctx)
        if text[:1] not in ("[", "{", '"', "'"):
            return key, text
        try:
            return key, tomllib.loads(f"value = {text}")["value"]
        except ValueError:
            self.fail(f"the value of {key} is not TOML.", param, ctx)


def table_of(settings: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The settings as one table; ``sftp.user`` is the key ``user`` of the table ``sftp``."""
    table: dict[str, Any] = {}
    for key, value in settings:
        *tables, last = (part.strip() for part in key.split("."))
        place = table
        for name in tables:
            inner = place.setdefault(name, {})
            if not isinstance(inner, dict):
                raise click.BadParameter(f"{name} is a value already.", param_hint="--set")
            place = inner
        place[last] = value
    return table
