"""Add, show and check a district."""

from __future__ import annotations

import click

from rollbook.cli.arguments import DISTRICT
from rollbook.cli.check_text import print_checks
from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Group
from rollbook.cli.run_text import print_runs
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.source_settings import Setting, table_of
from rollbook.cli.tables import Column, note, print_block, print_table, say
from rollbook.cli.words import command_line, when
from rollbook.desk.views import DistrictDetail, Kind, SourceHealth

SOURCES = (
    *("oneroster-csv", "oneroster-rest", "classlink", "clever-api", "clever-csv", "sds-csv"),
    *("remind-csv", "schoolstatus-csv", "mapped-csv"),
)


class SourceType(click.Choice[str]):
    """A type of source; ``oneroster_csv`` is read as ``oneroster-csv``."""

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:
        """The choice with hyphens."""
        return super().normalize_choice(str(choice).replace("_", "-"), ctx)


@click.group(cls=Group)
def district() -> None:
    """Add, show or check a district.

    A district is a file, districts/ID.toml in the home folder; it may be written by hand.
    """


@district.command(
    examples=(
        "rollbook district add northfield --name 'Northfield USD' \\",
        "    --timezone America/Chicago --source oneroster-csv --path /srv/sis/northfield",
    )
)
@click.argument("district_id", metavar="ID")
@click.option("--name", required=True, help="What people call it.")
@click.option("--timezone", default="UTC", show_default=True, help="An IANA zone.")
@click.option(
    "--source",
    "source_type",
    type=SourceType(SOURCES),
    default=SOURCES[0],
    show_default=True,
    help="What the roster is read from.",
)
@click.option(
    "--path", type=click.Path(), help="The folder or the zip with the files, for a source of files."
)
@click.option(
    "--version",
    type=click.Choice(["1.0", "1.1", "1.2", "2.0"]),
    help="The version of files that do not say it: OneRoster 1.0 to 1.2, Remind 1.0 or 2.0.",
)
@click.option(
    "--set",
    "options",
    multiple=True,
    type=Setting(),
    help="Another key of the file's [source] table; may be given several times.",
)
@click.pass_context
def add(
    ctx: click.Context,
    district_id: str,
    name: str,
    timezone: str,
    source_type: str,
    path: str | None,
    version: str | None,
    options: tuple[tuple[str, object], ...],
) -> None:
    """Write a new district's file. Nothing is read from the source yet."""
    from rollbook.desk.districts import add_district

    with open_desk(ctx) as desk:
        added = add_district(
            desk,
            district_id,
            name=name,
            timezone=timezone,
            source_type=source_type,
            path=path,
            version=version,
            options=table_of(options),
        )
    if settings(ctx).json:
        emit(plain(added))
        return
    say(f"{added.id}  {added.name}")
    print_block([("source", f"{added.source_type} at {added.source_path}")])
    note(f"Check it: {command_line(ctx, 'district', 'check', added.id)}")
    note(f"See what would come in: {command_line(ctx, 'sync', added.id, '--preview')}")


@district.command(examples=("rollbook district show northfield",))
@click.argument("district_id", metavar="ID", type=DISTRICT)
@click.pass_context
def show(ctx: click.Context, district_id: str) -> None:
    """Show a district: state, counts per school, limits, pauses and runs."""
    from rollbook.desk.districts import district as show_district

    with open_desk(ctx) as desk:
        detail = show_district(desk, district_id)
    if settings(ctx).json:
        emit(_document(detail))
    else:
        _print(detail)


@district.command(
    examples=(
        "rollbook district check northfield",
        "rollbook district check northfield --trust-host-key SHA256:…",
    )
)
@click.argument("district_id", metavar="ID", type=DISTRICT)
@click.option(
    "--trust-host-key",
    "fingerprint",
    metavar="FINGERPRINT",
    help="First write this key of the SFTP server into the district's file, if the server has it.",
)
@click.pass_context
def check(ctx: click.Context, district_id: str, fingerprint: str | None) -> int:
    """Connect to the source and read it, without planning or changing anything.

    Exit code 1 when a check fails.
    """
    from rollbook.desk.districts import check_district
    from rollbook.desk.host_keys import trust_host_key

    with open_desk(ctx) as desk:
        trusted = (trust_host_key(desk, district_id, fingerprint),) if fingerprint else ()
        checks = trusted + check_district(desk, district_id)
    return print_checks(ctx, checks, failed=1)


def _document(detail: DistrictDetail) -> dict[str, object]:
    document = plain(detail)
    assert isinstance(document, dict)
    document["schools"] = [
        {"id": school, "name": name, "counts": plain(counts)}
        for school, name, counts in detail.schools
    ]
    return document


def _next_read(source: SourceHealth | None) -> str:
    return when(source.next_at) if source is not None and source.next_at else ""


def _print(detail: DistrictDetail) -> None:
    summary = detail.summary
    say(f"{summary.id}  {summary.name}  {summary.state.value}")
    print_block(
        [
            ("note", summary.note),
            ("season", summary.season or ""),
            ("source", f"{summary.source_type} at {summary.source_path}"),
            ("timezone", summary.timezone),
            ("last applied", when(summary.last_applied_at)),
            ("next read", _next_read(summary.source)),
            ("generation", str(summary.generation)),
            ("duplicates", f"{summary.duplicates:,}"),
            ("limits", ", ".join(f"{name} {value:g}" for name, value in detail.thresholds.items())),
            ("pauses", "; ".join(f"{pause.id}: {pause.words}" for pause in detail.pauses)),
            *((f"checklist {c.name}", f"{c.done} of {c.total} done") for c in detail.checklists),
        ]
    )
    kinds = [kind for kind in Kind if any(counts.get(kind) for _, _, counts in detail.schools)]
    if kinds:
        say()
        rows: list[tuple[str | int, ...]] = [
            (f"{name} ({school})", *(counts.get(kind, 0) for kind in kinds))
            for school, name, counts in detail.schools
        ]
        rows.append(("all", *(detail.counts[kind] for kind in kinds)))
        columns = [
            Column("school", wraps=True),
            *(Column(kind.value, right=True) for kind in kinds),
        ]
        print_table(columns, rows)
    if detail.recent:
        say()
        print_runs(detail.recent)
