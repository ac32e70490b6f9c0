"""Faults of a district's file in words that need no knowledge of Python."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from rollbook.config.district import District
from rollbook.config.problems import problems

REST = {"type": "oneroster-rest", "url": "https://sis.example/ims/oneroster/v1p1"}
OAUTH1 = {"type": "oauth1", "key": "env:KEY", "secret": "env:SECRET"}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"type": "oneroster-csv"}, "source.path: has to be there"),
        ({"path": "x", "colour": "red"}, "source.colour: there is no such key"),
        ({"path": "x", "version": "3"}, "source.version: is none of '1.0', '1.1' or '1.2'"),
        ({**REST, "auth": {**OAUTH1, "x": 1}}, "source.auth.x: there is no such key"),
        ({**REST, "auth": {"type": "oauth1", "key": "env:K"}}, "source.auth.secret: has to be"),
        ({**REST, "auth": OAUTH1, "lists": ["orgs"]}, "source.lists: there is no roster without"),
        (
            {**REST, "url": "sis.example", "auth": OAUTH1},
            "source.url: is not in the form that it has to have",
        ),
        ({"type": "carrier-pigeon"}, "source.type: no type of source"),
    ],
)
def test_the_reason_is_in_words(source: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as found:
        District.model_validate({"id": "north", "name": "North", "source": source})
    said = problems(found.value)
    assert words in said
    assert "Value error" not in said
