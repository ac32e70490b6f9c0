"""Write the changes of a run or of a hold to a file."""

from __future__ import annotations

from pathlib import Path

from rollbook.desk import change_lists, exports
from rollbook.desk.desk import Desk
from rollbook_tui.dialogs.save_as import SaveAs, free_path, typed_path
from rollbook_tui.screens.base import ConsoleScreen
from rollbook_tui.words import counted

FORMATS = {".csv": "csv", ".ndjson": "ndjson"}


async def export_hold(screen: ConsoleScreen, hold_id: str) -> None:
    """Ask where to, and write what a hold covers."""
    path = await _where_to(screen, hold_id, (".csv",))
    if path is not None:
        _tell(
            screen, path, await screen.act(hold_id, "exporting", exports.export_hold, hold_id, path)
        )


async def export_run(screen: ConsoleScreen, run_id: str) -> None:
    """Ask where to, and write every change of a run."""
    path = await _where_to(screen, run_id, tuple(FORMATS))
    if path is None:
        return

    def write(desk: Desk) -> int:
        rows = change_lists.changes(desk, run_id)
        return exports.export_changes(desk, rows, path, FORMATS[path.suffix])

    _tell(screen, path, await screen.act(run_id, "exporting", write))


async def _where_to(screen: ConsoleScreen, what: str, suffixes: tuple[str, ...]) -> Path | None:
    folder = await screen.read(lambda desk: desk.home.exports)
    suggested = free_path(folder, what, suffixes[0])
    answer = await screen.app.push_screen_wait(SaveAs(what, suggested, suffixes))
    return typed_path(answer) if answer else None


def _tell(screen: ConsoleScreen, path: Path, rows: int) -> None:
    screen.say(str(path), title=f"{counted(rows, 'change', 'changes')} written")
