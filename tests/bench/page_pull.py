"""A pull of a OneRoster service into the normal set.

python -m bench.page_pull URL PAGE_SIZE PARALLEL FOLDER
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from rollbook.config.connections import Bearer, Http
from rollbook.config.sources import OneRosterRest
from rollbook.sources.normal_form import NormalSet
from rollbook.sources.oneroster_rest import pull

from .page_token import TOKEN


def main() -> None:
    """The command."""
    os.environ["ROLLBOOK_BENCH_TOKEN"] = TOKEN
    source = OneRosterRest(
        type="oneroster-rest",
        url=sys.argv[1],
        auth=Bearer(type="bearer", token="env:ROLLBOOK_BENCH_TOKEN"),
        http=Http(requests_per_minute=60_000),
        page_size=int(sys.argv[2]),
        parallel=int(sys.argv[3]),
    )
    with NormalSet(Path(sys.argv[4])) as normal:
        pull(source, normal)


if __name__ == "__main__":
    main()
