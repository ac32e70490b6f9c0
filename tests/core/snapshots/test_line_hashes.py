"""The difference of two readings' hashes is what counting them one by one gives."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rollbook.snapshots.line_hashes import difference

_HASHES = st.integers(0, 2**64 - 1) | st.integers(0, 12) | st.integers(2**64 - 3, 2**64 - 1)


@given(st.sets(_HASHES), st.lists(_HASHES), st.data())
def test_new_doubled_and_gone_lines(known: set[int], new: list[int], data: st.DataObject) -> None:
    stay = data.draw(st.sets(st.sampled_from(sorted(known)))) if known else set()
    first = data.draw(st.integers(0, 2))
    head = [7] * first
    lines = data.draw(st.permutations([*stay, *new]))

    found = difference(
        np.array(sorted(known), np.uint64), np.array([*head, *lines], np.uint64), first
    )

    times = Counter(lines)
    wanted = [i for i, line in enumerate(lines, first) if line not in known or times[line] > 1]
    assert found.lines.tolist() == wanted
    assert found.gone.tolist() == [one not in times for one in sorted(known)]
