from collections import Counter

import pytest

from core.oracle import hold_against_the_whole


@pytest.fixture(autouse=True)
def _every_comparison_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a desk syncs is compared in part and as a whole, with the same outcome."""
    hold_against_the_whole(monkeypatch, Counter())
