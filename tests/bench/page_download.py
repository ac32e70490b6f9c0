"""The bare download of the pages that a pull asks for: fetched, and forgotten.

    python -m bench.page_download URL PAGE_SIZE PARALLEL

prints the number of rows.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import local

import requests

from rollbook.sources.oneroster_rest.endpoints import ENDPOINTS

from .page_token import TOKEN

_own = local()


def page(url: str) -> int:
    """Fetch a page on this thread's connection; the total that it tells."""
    if not hasattr(_own, "session"):
        _own.session = requests.Session()
        _own.session.trust_env = False
        _own.session.headers["Authorization"] = f"Bearer {TOKEN}"
    answer = _own.session.get(url, timeout=60)
    answer.raise_for_status()
    return int(answer.headers["X-Total-Count"])


def main() -> None:
    """The command."""
    url, size, parallel = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    rows = 0
    with ThreadPoolExecutor(parallel) as pool:
        for endpoint in ENDPOINTS:
            asked = f"{url}/{endpoint.name}?limit={size}&offset="
            total = page(f"{asked}0")
            list(pool.map(page, [f"{asked}{at}" for at in range(size, total, size)]))
            rows += total
    print(rows)


if __name__ == "__main__":
    main()
