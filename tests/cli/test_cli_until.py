from datetime import UTC, datetime

import click
import pytest

from rollbook.cli.arguments import parse_until

NOW = datetime(2026, 8, 10, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("8h", datetime(2026, 8, 10, 20, 0, tzinfo=UTC)),
        ("3d", datetime(2026, 8, 13, 12, 0, tzinfo=UTC)),
        ("90m", datetime(2026, 8, 10, 13, 30, tzinfo=UTC)),
        ("2w", datetime(2026, 8, 24, 12, 0, tzinfo=UTC)),
        ("2026-08-31", datetime(2026, 8, 31, 5, 0, tzinfo=UTC)),
        ("2026-08-31T07:00", datetime(2026, 8, 31, 12, 0, tzinfo=UTC)),
        ("2026-08-31T07:00Z", datetime(2026, 8, 31, 7, 0, tzinfo=UTC)),
        ("2026-08-31T07:00+02:00", datetime(2026, 8, 31, 5, 0, tzinfo=UTC)),
    ],
)
def test_spans_dates_and_times_are_understood(text: str, moment: datetime) -> None:
    assert parse_until(text, NOW, "America/Chicago") == moment


@pytest.mark.parametrize("text", ["", "soon", "8 parsecs", "2026-13-01", "-3d", "999999w"])
def test_anything_else_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(click.BadParameter, match="write 8h, 3d, 2026-08-31"):
        parse_until(text, NOW, "UTC")
