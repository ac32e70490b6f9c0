"""Breaking one line of the engine on purpose, to see that a test notices."""

from __future__ import annotations

import inspect
import pkgutil
import sys
import textwrap
from dataclasses import dataclass
from functools import cache
from importlib import import_module

import pytest

import rollbook


@dataclass(frozen=True)
class Mutant:
    """``old``, which stands once in a function (``module:name``), becomes ``new``."""

    place: str
    old: str
    new: str

    def put_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Break the function wherever the engine has it. Fails when the line is not there."""
        _load_everything()
        module_name, name = self.place.split(":")
        owner: object = import_module(module_name)
        *outer, name = name.split(".")
        for part in outer:
            owner = getattr(owner, part)
        original = getattr(owner, name)
        source = textwrap.dedent(inspect.getsource(original))
        assert source.count(self.old) == 1, f"{self.place} has no longer one {self.old!r}"
        broken: dict[str, object] = {}
        text = f"from __future__ import annotations\n{source.replace(self.old, self.new)}"
        exec(compile(text, self.place, "exec"), inspect.unwrap(original).__globals__, broken)
        if outer:
            monkeypatch.setattr(owner, name, broken[name])
            return
        for module in [m for n, m in sys.modules.items() if n.split(".")[0] == "rollbook"]:
            for known, value in list(vars(module).items()):
                if value is original:
                    monkeypatch.setattr(module, known, broken[name])


@cache
def _load_everything() -> None:
    """Load the engine whole: what is first loaded while a function is broken keeps that one."""
    for module in pkgutil.walk_packages(rollbook.__path__, "rollbook."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
