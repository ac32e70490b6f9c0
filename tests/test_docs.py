"""What the documentation says is there."""

import re
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from rollbook.cli.groups import Group
from rollbook.cli.program import program
from rollbook.config.accounts import Accounts
from rollbook.config.calendar import Calendar
from rollbook.config.district import Approvals, Expected, Thresholds
from rollbook.config.grades import Grades
from rollbook.config.notices import Notices
from rollbook.config.schedule import Schedule
from rollbook.config.sources import OneRosterCsv

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_every_command_and_option_is_on_the_command_lines_page() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    context = click.Context(program, info_name="rollbook")
    for name in program.list_commands(context):
        command = program.get_command(context, name)
        commands = [command, *(command.commands.values() if isinstance(command, Group) else ())]
        for each in commands:
            assert each is not None
            assert each.name in page
            for param in each.params:
                if isinstance(param, click.Option):
                    assert f"{param.opts[0]}" in page, f"{name} {param.opts[0]}"


def test_every_key_of_a_districts_file_is_on_its_page_with_its_default() -> None:
    page = (ROOT / "docs" / "districts.md").read_text(encoding="utf-8")
    tables: dict[str, type[BaseModel]] = {
        "accounts": Accounts,
        "source": OneRosterCsv,
        "thresholds": Thresholds,
        "approvals": Approvals,
        "expected": Expected,
        "calendar": Calendar,
        "grades": Grades,
        "schedule": Schedule,
        "notices": Notices,
    }
    for table, model in tables.items():
        for key, field in model.model_fields.items():
            [row] = [line for line in page.splitlines() if line.startswith(f"| `{table}.{key}` |")]
            if isinstance(field.default, int | float):
                assert f"| {str(field.default).lower()} |" in row


def test_every_test_that_safety_names_is_there() -> None:
    page = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:cli|core|tui|real)/[\w/]+\.py)`", page)
    assert len(named) > 10
    assert [path for path in named if not (ROOT / "tests" / path).is_file()] == []
