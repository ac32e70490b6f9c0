"""What does not fit into memory and could not be written either."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class NotWritten(Exception):
    """What does not fit into memory could not be written: no fault of the source's."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


@contextmanager
def writing() -> Iterator[None]:
    """A block that writes; raises ``NotWritten`` where a disk fails."""
    try:
        yield
    except OSError as error:
        raise NotWritten(error) from None
