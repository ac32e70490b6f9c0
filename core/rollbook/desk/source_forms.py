"""What there is to fill in for each type of source, as the models of ``[source]`` say it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, reduce
from operator import or_
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from rollbook.config.connections import Sftp
from rollbook.config.secrets.reference import FORMS, SecretReference
from rollbook.config.sources import Source
from rollbook.config.sources.asked_for_changes import AskedForChanges

_SECRET = get_args(SecretReference)[1]
_REFERENCE = f"Never the secret itself, only where it is: {FORMS}."
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
YES, NO = "yes", "no"
_PATH, _SFTP = "path", "sftp://"


class FieldSort(StrEnum):
    """How a field is filled in: a line, a reference to a secret, one of some, or a list."""

    TEXT = "text"
    SECRET = "secret"
    CHOICE = "choice"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class FormField:
    """A key of the table ``[source]``, such as ``auth.client_id``; values are text.

    A list is written with commas. ``about`` is its help, ``default`` what holds where nothing is
    said. With ``when``, a key and how its value begins, it belongs there alone.
    """

    key: str
    about: str
    sort: FieldSort = FieldSort.TEXT
    choices: tuple[str, ...] = ()
    default: str = ""
    needed: bool = False
    when: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SourceForm:
    """The fields of a type of source, those that are needed first.

    ``fixed`` are keys that have one value in this type; each is written with its table.
    """

    type: str
    about: str
    fields: tuple[FormField, ...]
    fixed: tuple[tuple[str, str], ...]


@cache
def source_forms() -> tuple[SourceForm, ...]:
    """A form for each type of source that there is, in the order of their union."""
    models, _ = get_args(Source)
    return tuple(_form(get_args(model)) for model in get_args(models))


def _form(tagged: Sequence[Any]) -> SourceForm:
    model, tag = tagged
    found = list(_fields(model, "", None, True, None))
    fields = [field for field in found if isinstance(field, FormField)]
    fixed = tuple(pair for pair in found if not isinstance(pair, FormField))
    last = AskedForChanges.model_fields
    ordered = sorted(fields, key=lambda f: (not f.needed, "." in f.key, f.key in last))
    own = tuple((key, value) for key, value in fixed if key != "type")
    return SourceForm(tag.tag, _sentences(model)[0], tuple(ordered), own)


def _fields(
    model: type[BaseModel],
    before: str,
    defaults: BaseModel | None,
    needed: bool,
    when: tuple[str, str] | None,
) -> Iterator[FormField | tuple[str, str]]:
    """The fields of a table and of the tables in it; ``before`` is their key with its dot."""
    for name, info in model.model_fields.items():
        key = before + name
        default = getattr(defaults, name) if defaults is not None else info.default
        required = info.is_required() and defaults is None
        sort, marks = _unwrapped(Annotated[(info.annotation, *info.metadata, None)])
        if tables := _tables(sort):
            given = default if isinstance(default, BaseModel) else None
            yield from _nested(key, tables, given, needed and required, when)
        elif name == "type" and get_origin(sort) is Literal and len(get_args(sort)) == 1:
            yield key, get_args(sort)[0]
        else:
            about = " ".join(_about(model, name))
            yield _field(key, sort, marks, about, default, needed and required, when)


def _nested(
    key: str,
    tables: Sequence[type[BaseModel]],
    given: BaseModel | None,
    needed: bool,
    when: tuple[str, str] | None,
) -> Iterator[FormField | tuple[str, str]]:
    if len(tables) == 1:
        when = (_PATH, _SFTP) if tables[0] is Sftp else when
        yield from _fields(tables[0], f"{key}.", given, needed, when)
        return
    types = {get_args(table.model_fields["type"].annotation)[0]: table for table in tables}
    about = " ".join(f"{name}: {_sentences(table)[0]}" for name, table in types.items())
    first = next(iter(types))
    choice = f"{key}.type"
    yield FormField(choice, about, FieldSort.CHOICE, tuple(types), first, needed, when)
    for name, table in types.items():
        for field in _fields(table, f"{key}.", None, needed, (choice, name)):
            if isinstance(field, FormField):
                yield field


def _field(
    key: str,
    sort: Any,
    marks: Sequence[Any],
    about: str,
    default: Any,
    needed: bool,
    when: tuple[str, str] | None,
) -> FormField:
    shown = "" if default is PydanticUndefined else _written(default)
    if _SECRET in marks:
        return FormField(
            key, f"{about} {_REFERENCE}".strip(), FieldSort.SECRET, (), "", needed, when
        )
    if sort is bool:
        return FormField(key, about, FieldSort.CHOICE, (NO, YES), shown, needed, when)
    if get_origin(sort) is Literal:
        choices = tuple(map(str, get_args(sort)))
        if not shown and not needed:
            choices = ("", *choices)
        return FormField(key, about, FieldSort.CHOICE, choices, shown, needed, when)
    if get_origin(sort) is tuple:
        inner, _ = _unwrapped(get_args(sort)[0])
        known = tuple(map(str, get_args(inner))) if get_origin(inner) is Literal else ()
        return FormField(key, about, FieldSort.LIST, known, shown, needed, when)
    return FormField(key, about, FieldSort.TEXT, (), shown, needed, when)


def _unwrapped(annotation: Any) -> tuple[Any, list[Any]]:
    """A type without ``Annotated`` and ``None``, and what it was annotated with."""
    marks: list[Any] = []
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            marks += more
        elif get_origin(annotation) in (Union, UnionType) and NoneType in get_args(annotation):
            left = [part for part in get_args(annotation) if part is not NoneType]
            if len(left) > 1:
                return reduce(or_, left), marks
            annotation = left[0]
        else:
            return annotation, marks


def _tables(sort: Any) -> list[type[BaseModel]]:
    parts = get_args(sort) if get_origin(sort) in (Union, UnionType) else (sort,)
    return [part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)]


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if isinstance(value, float):
        return f"{value:g}"
    return str(value) if isinstance(value, str | int | Path) else ""


def _about(model: type[BaseModel], name: str) -> list[str]:
    """What the models' own words say of a field: the sentences that name it, else the first of the
    model that has it."""
    models = [parent for parent in model.__mro__ if name in getattr(parent, "model_fields", ())]
    told = [
        sentence
        for parent in models
        for sentence in _sentences(parent, ticks=True)
        if f"``{name}``" in sentence
    ]
    return [sentence.replace("``", "") for sentence in told] or _sentences(models[-1])[:1]


def _sentences(model: type[BaseModel], *, ticks: bool = False) -> list[str]:
    text = " ".join((model.__doc__ or "").split())
    return _SENTENCE.split(text if ticks else text.replace("``", ""))
