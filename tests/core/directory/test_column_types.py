"""Instants: in with any zone, out in UTC, and never naive."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import StatementError

from rollbook.directory.store import Store
from rollbook.directory.tables import distinct_pairs

zones = st.sampled_from(
    [UTC, ZoneInfo("America/Chicago"), ZoneInfo("Asia/Kolkata"), timezone(timedelta(hours=-9.5))]
)


def stored(store: Store, moment: datetime) -> datetime:
    with store.write() as connection:
        connection.execute(delete(distinct_pairs))
        row = {"district": "n", "a": "1", "b": "2", "decided_by": "sam", "decided_at": moment}
        connection.execute(insert(distinct_pairs).values(row))
        found: datetime = connection.execute(select(distinct_pairs.c.decided_at)).scalar_one()
    return found


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moment=st.datetimes(
        min_value=datetime(1971, 1, 1), max_value=datetime(2100, 1, 1), timezones=zones
    )
)
def test_an_instant_comes_back_in_utc(store: Store, moment: datetime) -> None:
    found = stored(store, moment)
    assert found == moment.astimezone(UTC)
    assert found.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="naive"):
        stored(store, datetime(2026, 3, 2))


def test_both_times_of_a_doubled_hour_stay_apart(store: Store) -> None:
    chicago = ZoneInfo("America/Chicago")
    first = datetime(2026, 11, 1, 1, 30, tzinfo=chicago)
    second = first.replace(fold=1)
    assert stored(store, second) - stored(store, first) == timedelta(hours=1)
