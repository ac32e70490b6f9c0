"""Measure a pull from a OneRoster service beside the bare download of the same pages.

    python -m bench.pulls FOLDER STUDENTS [--page-size N] [--parallel N...] [--repeats N]

The set is generated into ``FOLDER`` as for ``bench.measure``, and served from memory on this
machine, so that the network costs as little as it can.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .costs import Cost, run, typical
from .measure import sets_of


@contextmanager
def served_pages(day: Path) -> Iterator[str]:
    """The address of a service that has this set."""
    command = [sys.executable, "-m", f"{__package__}.page_server", str(day)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait()


def measure(url: str, folder: Path, size: int, parallel: int, repeats: int) -> Iterator[str]:
    """The lines of a table: the download, and the pull beside it, with so many connections."""
    asked = [url, str(size), str(parallel)]
    download = [sys.executable, "-m", f"{__package__}.page_download", *asked]
    pull: list[str | Path] = [sys.executable, "-m", f"{__package__}.page_pull", *asked, folder]
    rows = int(run(download).out)
    costs: dict[str, list[Cost]] = {"bare download": [], "rollbook": []}
    for _ in range(repeats):
        costs["bare download"].append(run(download).cost)
        shutil.rmtree(folder, ignore_errors=True)
        costs["rollbook"].append(run(pull).cost)
    bare = typical(costs["bare download"])
    yield ""
    yield f"{rows:,} rows in pages of {size:,}, {parallel} side by side"
    yield f"  {'':<16} {'rows/s':>9} {'wall s':>8} {'CPU s':>8} {'peak MiB':>9} {'× wall':>7}"
    for name, found in costs.items():
        cost = typical(found)
        yield (
            f"  {name:<16} {rows / cost.wall:9,.0f} {cost.wall:8.2f} {cost.cpu:8.2f} "
            f"{cost.peak:9.0f} {cost.wall / bare.wall:7.2f}"
        )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("students", type=int)
    parser.add_argument("--page-size", type=int, default=1000)
    parser.add_argument("--parallel", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    day = sets_of(chosen.folder, chosen.students) / "first"
    work = chosen.folder / "pulled"
    with served_pages(day) as url:
        for parallel in chosen.parallel:
            for line in measure(url, work, chosen.page_size, parallel, chosen.repeats):
                print(line, flush=True)
    shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
