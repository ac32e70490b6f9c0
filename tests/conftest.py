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


STORES_SHARE = 5
"""Of so many tests that run on both stores, one runs on PostgreSQL unless all are asked for."""


LONG = ("tests/core/life/", "tests/faults/", "tests/year/", "tests/fuzz/", "tests/core/demo/")
"""Few tests that take long; begun last they would keep one process busy while others idle."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--stores",
        choices=("some", "all"),
        default="some",
        help="run every test that has a store on PostgreSQL too, or some of them",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes long, and leave out most of the second runs, evenly.

    What runs on PostgreSQL alone stays.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
    if config.getoption("--stores") == "all":
        return
    names = {item.nodeid for item in items}
    twice = [
        item
        for item in items
        if "postgresql" in item.nodeid and item.nodeid.replace("postgresql", "sqlite") in names
    ]
    left_out = {id(item) for at, item in enumerate(twice) if at % STORES_SHARE}
    config.hook.pytest_deselected(items=[item for item in items if id(item) in left_out])
    items[:] = [item for item in items if id(item) not in left_out]
