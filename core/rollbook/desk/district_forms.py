"""A district as somebody types it: what is wrong with it, checking it, and adding it as a whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Generator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rollbook.config.district import ID_PATTERN, District
from rollbook.config.secrets.reference import SecretReference
from rollbook.config.sources.source_table import NO_LOGIN
from rollbook.desk.desk import Desk
from rollbook.desk.districts import add_district, check_source, from_here
from rollbook.desk.source_forms import FieldSort, FormField, SourceForm, source_forms
from rollbook.desk.views import Check, DistrictSummary
from rollbook.errors import ConfigInvalid

Typed = Mapping[str, str]
"""What was typed, by key: ``id``, ``name``, ``timezone``, ``source.type`` and the fields of that
type with ``source.`` before their keys. What is missing or blank is as the default has it."""

SOURCE = "source."
WHOLE = ""
"""The key of what is wrong with several fields together."""

_NAMELESS = {"id": f"{'0' * 62}-", "name": "-"}
"""Stands for what no check needs; no district is called that."""

_WORDS = {
    "missing": "This is needed.",
    "string_too_short": "This is needed.",
    "string_pattern_mismatch": "This is not of the form that is wanted.",
    "int_parsing": "Give a whole number.",
    "float_parsing": "Give a number.",
    NO_LOGIN: "A server wants to know who asks: say where a password is, or a key.",
}
_ABOUT = {NO_LOGIN: f"{SOURCE}sftp.password"}
"""Fields in which a fault of several is mended."""

_PASSWORD = re.compile(r"://[^/?#]*:[^/?#]*@")
_FORMS = ("env:", "file:", "keyring:", "cmd:")
_reference: TypeAdapter[str] = TypeAdapter(SecretReference)


def proposed_id(name: str) -> str:
    """An id for a district of that name: ``northfield-usd``; empty where the name gives none."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:63].rstrip("-")


def form_of(source_type: str) -> SourceForm:
    """The form of a type of source."""
    return next(form for form in source_forms() if form.type == source_type)


def fields_for(typed: Typed) -> tuple[FormField, ...]:
    """The fields of the type that is chosen, as far as they belong to what was typed so far."""
    form = form_of(typed[f"{SOURCE}type"])
    by_key = {field.key: field for field in form.fields}

    def belongs(field: FormField) -> bool:
        if field.when is None:
            return True
        key, beginning = field.when
        value = typed.get(SOURCE + key, "").strip() or by_key[key].default
        return value.startswith(beginning)

    return tuple(field for field in form.fields if belongs(field))


def may_be_shown(reference: str) -> bool:
    """Whether what was typed for a secret is a reference, or may become one: anything else may be
    the secret itself."""
    if any(form.startswith(reference) for form in _FORMS):
        return True
    try:
        _reference.validate_python(reference)
    except ValidationError:
        return reference.startswith(("file:", "keyring:"))
    return True


def problems_with(desk: Desk, typed: Typed) -> dict[str, str]:
    """What is wrong, in words and by key; nothing where the district may be added.

    What was typed is not repeated: it may be a secret.
    """
    found: dict[str, str] = {}
    district_id = typed.get("id", "").strip()
    if ID_PATTERN.fullmatch(district_id) and desk.home.district_file(district_id).exists():
        found["id"] = "There is a district of that id already."
    for field in fields_for(typed):
        if field.sort is not FieldSort.SECRET and _PASSWORD.search(
            typed.get(SOURCE + field.key, "")
        ):
            found[SOURCE + field.key] = "No password may stand in an address."
    try:
        District.model_validate(_document(typed))
    except ValidationError as error:
        keys = {"id", "name", "timezone", *(SOURCE + f.key for f in fields_for(typed))}
        for one in error.errors(include_input=False, include_url=False):
            message = _WORDS.get(one["type"]) or _sentence(one["msg"])
            found.setdefault(_ABOUT.get(one["type"]) or _key(one["loc"], keys), message)
    return found


def check_typed(desk: Desk, typed: Typed) -> Generator[Check, None, None]:
    """Look at the source that was typed, step by step; nothing is written.

    What the district is called does not matter yet. Raises ``ConfigInvalid`` where something is
    wrong with the source.
    """
    source = {key: value for key, value in typed.items() if key.startswith(SOURCE)}
    district = _district(desk, {**source, **_NAMELESS})
    yield from check_source(from_here(district.source))


def add_typed(desk: Desk, typed: Typed) -> DistrictSummary:
    """Add the district, as a whole or not at all.

    Raises ``ConfigInvalid`` where something is wrong with it, and what ``add_district`` does.
    """
    district = _district(desk, typed)
    source = _document(typed)["source"]
    return add_district(
        desk,
        district.id,
        name=district.name,
        timezone=district.timezone,
        source_type=source.pop("type"),
        options=source,
    )


def _district(desk: Desk, typed: Typed) -> District:
    if found := problems_with(desk, typed):
        told = "; ".join(f"{key}: {text}" if key else text for key, text in found.items())
        raise ConfigInvalid(told, remedy="Mend it in the form.")
    return District.model_validate(_document(typed))


def _document(typed: Typed) -> dict[str, Any]:
    """What stands in the district's file; defaults are left out."""
    source: dict[str, Any] = {"type": typed[f"{SOURCE}type"]}
    form = form_of(source["type"])
    fields = fields_for(typed)
    for field in fields:
        value = typed.get(SOURCE + field.key, "").strip()
        if field.sort is FieldSort.CHOICE and field.needed:
            value = value or field.default
        elif value == field.default:
            value = ""
        if value:
            _put(source, field.key, _read(field, value))
    needed = {field.key.partition(".")[0] for field in fields if field.needed}
    for key, value in form.fixed:
        if (table := key.partition(".")[0]) in source or table in needed:
            _put(source, key, value)
    given = {key: typed.get(key, "").strip() for key in ("id", "name", "timezone")}
    return {**{key: value for key, value in given.items() if value}, "source": source}


def _put(table: dict[str, Any], key: str, value: Any) -> None:
    *tables, last = key.split(".")
    for name in tables:
        table = table.setdefault(name, {})
    table[last] = value


def _read(field: FormField, value: str) -> Any:
    if field.sort is FieldSort.LIST:
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _key(place: tuple[int | str, ...], keys: set[str]) -> str:
    """The field that a fault is about; the names of types of source and of logins are no part of
    its key, nor are the places in a list."""
    parts = [str(part) for part in place if not isinstance(part, int)]
    if parts[:1] == ["source"]:
        del parts[1:2]
    for drop in (None, *range(len(parts))):
        key = ".".join(part for at, part in enumerate(parts) if at != drop)
        if key in keys:
            return key
    return WHOLE


def _sentence(message: str) -> str:
    told = message.removeprefix("Value error, ").strip().rstrip(".")
    return f"{told[:1].upper()}{told[1:]}."
