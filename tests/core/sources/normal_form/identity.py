"""A OneRoster 1.2 set translated into the normal form as it stands: the simplest dialect."""

from __future__ import annotations

from pathlib import Path

from rollbook.roster.findings import Finding, Severity
from rollbook.sources.normal_form import NormalSet
from rollbook.sources.normal_form.columns import FILES
from rollbook.sources.oneroster_csv.header import is_secret
from rollbook.sources.oneroster_csv.table import DAMAGE, Table


def translate_as_it_stands(source: Path, normal: NormalSet) -> None:
    """Write every row of a set whose columns are all OneRoster's, under the lines they had."""
    for file in FILES:
        if not (source / file).exists():
            continue
        with Table(source / file, normal.findings) as table:
            columns = [name for name in table.header if not is_secret(name)]
            normal.open(file, columns)
            origin = normal.origin(file)
            for number, cells, fault in table.rows():
                if fault:
                    message, remedy = DAMAGE[fault]
                    message = message.format(cells=len(cells), width=len(table.header))
                    said = Finding(
                        Severity.ERROR, fault, f"{message} The row was set aside.", remedy
                    )
                    whose = cells[0] if 1 < len(cells) < 2 * len(table.header) - 1 else ""
                    normal.add_unreadable(file, origin, number, said, whose)
                else:
                    row = dict(zip(table.header, cells, strict=True))
                    normal.add(file, {c: row[c] for c in columns}, origin, number)
