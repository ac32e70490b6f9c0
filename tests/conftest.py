"""What holds for all tests."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from postgres.server import Server, is_installed, running_server

settings.register_profile("quick", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile("quick")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server for this process; where CI runs it has to be there."""
    if not is_installed():
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed: pip install -r requirements/dev.txt")
        pytest.skip("PostgreSQL is not installed: pip install -r requirements/dev.txt")
    with running_server() as server:
        yield server
