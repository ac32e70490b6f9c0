"""The console's themes, and the only place where a colour is named.

Beside Textual's own tokens every theme gives ``$add``, ``$update``, ``$remove``, ``$held`` and
``$paused``. The default tells them apart by blue, yellow and orange, which stay apart for the
common kinds of colour blindness; a sign and a word say the same wherever they are used.
"""

from __future__ import annotations

from textual.theme import Theme

DEFAULT = "rollbook"
COLOURLESS = "rollbook-colourless"

_DARK = Theme(
    name=DEFAULT,
    primary="#6cb6ff",
    secondary="#8fa3b8",
    accent="#6cb6ff",
    warning="#f2a65a",
    error="#ff8a5c",
    success="#6cb6ff",
    foreground="#d7dde5",
    background="#10151c",
    surface="#151b24",
    panel="#1c2430",
    dark=True,
    variables={
        "add": "#6cb6ff",
        "update": "#e6d58a",
        "remove": "#f2a65a",
        "held": "#ffb86b",
        "paused": "#9fb0c3",
        "muted": "#8290a1",
        "dimmed": "#5f6d7d",
        "rule": "#2b3644",
        "cursor": "#24456b",
        "cursor-blurred": "#1d2836",
        "cursor-text": "#ffffff",
        "border": "#6cb6ff",
        "border-blurred": "#2b3644",
        "footer-key-foreground": "#6cb6ff",
        "scrollbar": "#2b3644",
        "scrollbar-background": "#10151c",
        "input-selection-background": "#6cb6ff 35%",
    },
)

_LIGHT = Theme(
    name="rollbook-light",
    primary="#0b5cad",
    secondary="#4a5a6b",
    accent="#0b5cad",
    warning="#a34b00",
    error="#a32f00",
    success="#0b5cad",
    foreground="#1b2430",
    background="#fbfcfd",
    surface="#f3f5f8",
    panel="#e8ecf1",
    dark=False,
    variables={
        "add": "#0b5cad",
        "update": "#6b5900",
        "remove": "#a34b00",
        "held": "#a34b00",
        "paused": "#4a5a6b",
        "muted": "#5d6b7a",
        "dimmed": "#8d99a6",
        "rule": "#c5cdd6",
        "cursor": "#c9def5",
        "cursor-blurred": "#e4e9ef",
        "cursor-text": "#0b1520",
        "border": "#0b5cad",
        "border-blurred": "#c5cdd6",
        "footer-key-foreground": "#0b5cad",
        "scrollbar": "#c5cdd6",
        "scrollbar-background": "#fbfcfd",
    },
)

_CONTRAST = Theme(
    name="rollbook-contrast",
    primary="#7fc8ff",
    secondary="#ffffff",
    accent="#7fc8ff",
    warning="#ffc266",
    error="#ffc266",
    success="#7fc8ff",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1a1a1a",
    dark=True,
    variables={
        "add": "#7fc8ff",
        "update": "#fff19c",
        "remove": "#ffc266",
        "held": "#ffc266",
        "paused": "#ffffff",
        "muted": "#d0d0d0",
        "dimmed": "#9a9a9a",
        "rule": "#8a8a8a",
        "cursor": "#ffffff",
        "cursor-blurred": "#4a4a4a",
        "cursor-text": "#000000",
        "border": "#7fc8ff",
        "border-blurred": "#8a8a8a",
        "footer-key-foreground": "#7fc8ff",
        "scrollbar": "#8a8a8a",
        "scrollbar-background": "#000000",
    },
)

_COLOURLESS = Theme(
    name=COLOURLESS,
    primary="ansi_default",
    foreground="ansi_default",
    background="ansi_default",
    ansi=True,
    variables=dict.fromkeys(
        [
            *_DARK.variables,
            "ansi-background",
            "ansi-foreground",
            "block-cursor-background",
            "scrollbar-active",
            "scrollbar-hover",
        ],
        "ansi_default",
    ),
)

THEMES: tuple[Theme, ...] = (_DARK, _LIGHT, _CONTRAST, _COLOURLESS)
"""The themes, the default first; the last is for ``NO_COLOR`` and cannot be chosen otherwise."""
