"""Match a file's header with the columns of its layout."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from rollbook.errors import InputRefused
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.layouts import HEADERS, Column, Layout, Need

ID_HEADER = "sourcedId"
_STATUS = "status"
_SECRETS = ("password", "passwd", "passcode", "passphrase", "pwd")
_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_OWN_LINE = "See whether the first row stands on the header's line; have it begin a new one."
_CALL_IT_METADATA = "Nothing, or call it metadata.… in the export."
_SPELL_IT = "Have the export write the header as OneRoster spells it."


@dataclass(frozen=True, slots=True)
class Matched:
    """Where each column stands. ``extra`` are the columns that OneRoster does not know, with the
    header names that they go by; ``status_at`` is ``None`` where the file has no such column."""

    id_at: int
    id_header: str
    status_at: int | None
    columns: tuple[tuple[int, Column], ...]
    extra: tuple[tuple[int, str], ...]

    def has(self, field: str) -> bool:
        """Whether the file has the column of a field."""
        return any(column.field == field for _, column in self.columns)


def match_header(header: Sequence[str], layout: Layout, file: str, findings: Findings) -> Matched:
    """Find the columns of ``layout``; old names, other case and outer space give a warning.

    Raises ``InputRefused``: ``delimiter``, ``missing-header`` with the nearest one that is there,
    ``duplicate-header``, ``blank-header``.
    """
    names = [clean(name) for name in header]
    refuse_delimiter(header, file)
    known = _known_headers(layout)
    canonical = [known.get(name.casefold()) for name in names]
    required = [c.header for c in layout.columns if c.need is not Need.OPTIONAL]
    for wanted in (ID_HEADER, *required):
        if wanted not in canonical:
            _refuse_missing(wanted, names, canonical, file)
    _refuse_twice_or_blank(names, canonical, file)
    at: dict[str, int] = {}
    extra: list[tuple[int, str]] = []
    for position, (name, meant) in enumerate(zip(names, canonical, strict=True)):
        if meant is not None:
            at[meant] = position
            if header[position] != meant:
                _warn_variant(name, meant, layout, file, findings)
        elif is_secret(name):
            if name.casefold() != "password":
                _warn_secret(name, layout, file, findings)
        else:
            extra.append((position, name))
    told = not _row_ran_in(names, canonical)
    _warn_unknown(extra, at.keys(), layout, file, findings, told=told)
    return Matched(
        id_at=at[ID_HEADER],
        id_header=names[at[ID_HEADER]],
        status_at=at.get(_STATUS),
        columns=tuple((at[c.header], c) for c in layout.columns if c.header in at),
        extra=tuple(extra),
    )


def clean(name: str) -> str:
    """A header without outer space and without characters that cannot be seen."""
    if name.isascii() and name.isprintable():
        return name.strip()
    composed = unicodedata.normalize("NFC", name)
    return "".join(c for c in composed if unicodedata.category(c) not in ("Cf", "Cc")).strip()


def is_secret(name: str) -> bool:
    """Whether a column of that name may hold passwords."""
    small = clean(name).casefold()
    return any(secret in small for secret in _SECRETS)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that another one is most likely a misspelling of."""
    spelt = {other.casefold(): other for other in names}
    found = difflib.get_close_matches(name.casefold(), spelt, n=1, cutoff=0.75)
    return spelt[found[0]] if found else None


def _is_extension(name: str) -> bool:
    return name.casefold().startswith("metadata")


def _row_ran_in(names: Sequence[str], canonical: Sequence[str | None]) -> bool:
    """Whether more columns are strange than known: then a row may have run into the header, and
    nothing strange is told, as it may be a pupil's name."""
    known = sum(meant is not None for meant in canonical)
    strange = [
        name
        for name, meant in zip(names, canonical, strict=True)
        if meant is None and not _is_extension(name)
    ]
    return len(strange) > known


def _known_headers(layout: Layout) -> dict[str, str]:
    """Every name that a column goes by, in lower case, and its name in OneRoster."""
    names = {name: name for name in (ID_HEADER, _STATUS, "dateLastModified", *layout.unread)}
    names |= dict.fromkeys(layout.old_ids, ID_HEADER)
    for column in layout.columns:
        names[column.header] = column.header
        names |= dict.fromkeys(column.old, column.header)
    return {name.casefold(): meant for name, meant in names.items()}


def refuse_delimiter(header: Sequence[str], file: str) -> None:
    """Raise ``InputRefused`` (``delimiter``) for a header that other signs than commas part."""
    if len(header) > 1:
        return
    for delimiter, word in _DELIMITERS.items():
        if delimiter in header[0]:
            raise InputRefused(
                f"The columns are parted by {word}, not by commas.",
                code="delimiter",
                file=file,
                line=1,
                remedy="Have the export part them by commas; do not save the file in Excel.",
            )


def _refuse_missing(
    wanted: str, names: Sequence[str], canonical: Sequence[str | None], file: str
) -> NoReturn:
    if not any(canonical):
        # Nothing of the line is told: it may be a row with a pupil's name.
        raise InputRefused(
            "The first line is no header: none of the file's columns is in it.",
            code="missing-header",
            file=file,
            line=1,
            field=wanted,
            remedy="Have the export write the header, its names as OneRoster spells them.",
        )
    strangers = {name for name, meant in zip(names, canonical, strict=True) if meant is None}
    near = nearest(wanted, strangers - HEADERS)
    raise InputRefused(
        f"The column {wanted} is missing.",
        code="missing-header",
        file=file,
        line=1,
        field=wanted,
        remedy=f"There is a column {near}: did you mean {wanted}?"
        if near
        else f"Have the export write the column {wanted}.",
    )


def _refuse_twice_or_blank(
    names: Sequence[str], canonical: Sequence[str | None], file: str
) -> None:
    seen: dict[str, str] = {}
    for position, (name, meant) in enumerate(zip(names, canonical, strict=True)):
        if not name:
            raise InputRefused(
                f"Column {position + 1} has no name.",
                code="blank-header",
                file=file,
                line=1,
                remedy="Name the column, or take it out with its cells.",
            )
        key = meant or name.casefold()
        if key in seen and meant is None and _row_ran_in(names, canonical):
            raise InputRefused(
                f"Column {position + 1} has a name that another one has.",
                code="duplicate-header",
                file=file,
                line=1,
                remedy=_OWN_LINE,
            )
        if key in seen:
            both = f" ({seen[key]} and {name})" if seen[key] != name else ""
            raise InputRefused(
                f"The column {meant or name} is there twice{both}.",
                code="duplicate-header",
                file=file,
                line=1,
                field=name,
                remedy="Keep the one that is meant.",
            )
        seen[key] = name


def _warn_variant(name: str, meant: str, layout: Layout, file: str, findings: Findings) -> None:
    spelling = name.casefold() == meant.casefold()
    findings.warn(
        "header-variant" if spelling else "old-header",
        f"The column {meant} is called {name} here; it was read as {meant}."
        if name != meant
        else f"Blanks or characters that cannot be seen stand around the header {meant}.",
        _SPELL_IT,
        file=file,
        line=1,
        field=meant,
        kind=layout.kind,
    )


def _warn_secret(name: str, layout: Layout, file: str, findings: Findings) -> None:
    findings.warn(
        "password-column",
        f"The column {name} looks like passwords; it is never read.",
        "Take it out of the export: a roster needs no passwords.",
        file=file,
        line=1,
        field=name,
        kind=layout.kind,
    )


def _warn_unknown(
    extra: Iterable[tuple[int, str]],
    present: Collection[str],
    layout: Layout,
    file: str,
    findings: Findings,
    *,
    told: bool,
) -> None:
    absent = {c.header for c in layout.columns} - set(present)
    for at, name in extra:
        if _is_extension(name):
            continue
        field, column, remedy = f"column {at + 1}", f"such column as number {at + 1}", _OWN_LINE
        if told:
            near = nearest(name, absent)
            field, column = name, f"column {name}"
            remedy = f"Did you mean {near}?" if near else _CALL_IT_METADATA
        findings.warn(
            "unknown-column",
            f"OneRoster has no {column}; it is kept as an extension.",
            remedy,
            file=file,
            line=1,
            field=field,
            kind=layout.kind,
        )
