"""The themes: complete, readable, and told apart without hue."""

from __future__ import annotations

import pytest
from textual.color import Color

from rollbook_tui.theme import COLOURLESS, DEFAULT, THEMES

TOKENS = ("add", "update", "remove", "held", "paused", "muted", "dimmed", "rule", "cursor-text")
COLOURED = [theme for theme in THEMES if theme.name != COLOURLESS]


def contrast(first: Color, second: Color) -> float:
    """The contrast ratio of WCAG 2."""

    def luminance(color: Color) -> float:
        parts = [channel / 255 for channel in color.rgb]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_first_is_the_default() -> None:
    assert THEMES[0].name == DEFAULT


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_theme_has_every_token(theme: object) -> None:
    assert set(TOKENS) <= set(theme.variables)  # type: ignore[attr-defined]


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
def test_what_must_be_read_can_be_read(theme: object) -> None:
    variables: dict[str, str] = theme.variables  # type: ignore[attr-defined]
    background = Color.parse(theme.background)  # type: ignore[attr-defined]
    for token in ("add", "update", "remove", "held", "paused", "muted"):
        assert contrast(Color.parse(variables[token]), background) >= 4.5, token
    text, cursor = Color.parse(variables["cursor-text"]), Color.parse(variables["cursor"])
    assert contrast(text, cursor) >= 4.5


def test_the_colourless_theme_names_no_colour() -> None:
    (colourless,) = [theme for theme in THEMES if theme.name == COLOURLESS]
    assert set(colourless.variables.values()) == {"ansi_default"}
    assert colourless.ansi
