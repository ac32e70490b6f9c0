"""A value that shows itself to nobody who does not ask for it by name."""

from __future__ import annotations

import hmac
from typing import Any, NoReturn

from pydantic_core import core_schema

_COVERED = "Secret(…)"


class Secret:
    """A password, a key or a token in memory.

    What prints, formats, logs, dumps or copies it gets ``Secret(…)``; pickling it raises
    ``TypeError``. Only ``reveal`` gives the value.
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """The value itself, for the one call that needs it."""
        return self.__value

    def __repr__(self) -> str:
        return _COVERED

    def __format__(self, spec: str) -> str:
        return format(_COVERED, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.__value.encode(), other.reveal().encode())

    __hash__ = None  # type: ignore[assignment]

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Secret:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is not written down")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        covered = core_schema.plain_serializer_function_ser_schema(lambda secret: repr(secret))
        return core_schema.is_instance_schema(cls, serialization=covered)
