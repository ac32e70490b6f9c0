"""The screenshots in the documentation show the console as it is."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

MAKE = Path(__file__).parents[2] / "screenshots" / "make.py"


def _loaded() -> Any:
    spec = importlib.util.spec_from_file_location("screenshots_make", MAKE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # A dataclass looks its own module up.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


make = _loaded()


@pytest.mark.parametrize("size", make.SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", make.SCENES, ids=lambda scene: scene.__name__)
async def test_a_screenshot_is_current(demo_home: Path, scene: Any, size: tuple[int, int]) -> None:
    drawn = await make.drawn(demo_home, scene, size)
    kept = MAKE.with_name(make.name_of(scene, size)).read_text(encoding="utf-8")
    assert drawn == kept, "draw it again with: make screenshots"


def test_no_screenshot_is_left_over() -> None:
    names = {make.name_of(scene, size) for scene in make.SCENES for size in make.SIZES}
    assert {path.name for path in MAKE.parent.glob("*.svg")} == names
