"""Turning the facts of a notice into words, by templates that an operator may write anew.

A template is ``EVENT.subject.txt``, ``EVENT.txt`` or ``EVENT.html`` in the home's folder
``templates``; for the first two there are built-in ones. It is run in a sandbox, and where it
cannot be used the built-in one takes its place: a notice is sent in any case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from rollbook.notices.facts import plain

EVENTS = (
    *("hold", "holds", "refused", "unreachable", "accounts", "given_up"),
    *("recovered", "digest", "trial"),
)
"""What notices are about."""

_LONGEST_TEMPLATE = 100_000
_LONGEST_TEXT = 200_000
_LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Words:
    """A notice in words; ``html`` is empty without a template for it. ``spoilt`` says which
    templates could not be used, and why."""

    subject: str
    text: str
    html: str
    spoilt: tuple[str, ...]


def words_of(event: str, facts: Mapping[str, Any], folder: Path) -> Words:
    """A notice in words; ``folder`` is where an operator's templates are."""
    spoilt: list[str] = []
    parts = {}
    for part in ("subject.txt", "txt", "html"):
        name = f"{event}.{part}"
        own = _own(folder / name, facts, spoilt)
        parts[part] = own if own is not None else _built_in(name, facts)
    return Words(
        subject=_one_line(parts["subject.txt"]),
        text=parts["txt"],
        html=parts["html"],
        spoilt=tuple(spoilt),
    )


def _own(path: Path, facts: Mapping[str, Any], spoilt: list[str]) -> str | None:
    """What an operator's template makes; ``None`` without one, or where it is spoilt."""
    try:
        source = path.read_text(encoding="utf-8")
        if len(source) > _LONGEST_TEMPLATE:
            raise ValueError("it is too long")
        return _rendered(source, facts, html=path.suffix == ".html")
    except FileNotFoundError:
        return None
    except TemplateError as error:
        # What a template says is its author's; what is put in may not be repeated.
        line = getattr(error, "lineno", None)
        where = f", line {line}" if line else ""
        spoilt.append(f"{path.name}{where}: {type(error).__name__}")
    except Exception as error:
        spoilt.append(f"{path.name}: {type(error).__name__}")
    return None


def _built_in(name: str, facts: Mapping[str, Any]) -> str:
    source = files("rollbook.notices").joinpath("texts", name)
    if not source.is_file():
        return ""
    return _rendered(source.read_text(encoding="utf-8"), facts, html=False)


def _rendered(source: str, facts: Mapping[str, Any], *, html: bool) -> str:
    environment = ImmutableSandboxedEnvironment(
        autoescape=html, undefined=StrictUndefined, keep_trailing_newline=True
    )
    text = []
    length = 0
    for piece in environment.from_string(source).generate(**facts):
        length += len(piece)
        if length > _LONGEST_TEXT:
            raise ValueError("what it makes is too long")
        text.append(piece)
    return "".join(text)


def _one_line(text: str) -> str:
    return plain(text)[:_LONGEST_SUBJECT]
