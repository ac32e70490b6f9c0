"""What can go wrong, said so that an operator knows what, where and what to do.

Every error carries the exit code of the command line (see ``docs/cli.md``) so that the console,
the command and a script tell the same story. Messages never hold a student's name.
"""

from __future__ import annotations


class RollbookError(Exception):
    """The root of the tree: a fault. ``remedy`` says what to do about it."""

    exit_code = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class SourceUnreachable(RollbookError):
    """The source could not be read at all: no folder, no permission, an input that moved."""


class NothingArrived(RollbookError):
    """The place is empty from which the drop that came last was put away: there is no news."""


class Busy(RollbookError):
    """Another run of the same district is under way."""


class ConfigInvalid(RollbookError):
    """A configuration file or an argument does not make sense."""

    exit_code = 2


class NotFound(RollbookError):
    """No such district, run, hold, pause, person, checklist or step."""

    exit_code = 2


class InputRefused(RollbookError):
    """The input is not fit to be compared: nothing was planned, nothing was changed.

    ``file``, ``line`` (1 is the header) and ``field`` say where; each may be missing.
    """

    exit_code = 4

    def __init__(
        self,
        message: str,
        *,
        code: str,
        file: str | None = None,
        line: int | None = None,
        field: str | None = None,
        remedy: str = "",
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.code = code
        self.file = file
        self.line = line
        self.field = field

    def __str__(self) -> str:
        where = self.file or ""
        if self.line is not None:
            where += f", line {self.line}"
        if self.field is not None:
            where += f", field {self.field}"
        return f"{where}: {super().__str__()}" if where else super().__str__()


class Held(RollbookError):
    """The changeset waits for a decision that has not been taken."""

    exit_code = 3


class NotPermitted(RollbookError):
    """This desk may not do that: it is read-only, or the operator lacks the role."""

    exit_code = 5


class Stale(RollbookError):
    """The changeset, the hold or the generation moved on since it was shown."""

    exit_code = 6
