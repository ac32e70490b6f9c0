"""Templates that an operator wrote: used as they are, in a sandbox, and never in the way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rollbook.notices.templates import EVENTS, words_of

HOLD = {
    **{"id": "north.2.h1", "run": "north.2", "rule": "R1", "title": "too many removals"},
    **{"kind": "user", "verb": "remove", "role": "student", "school": "<i>One</i>"},
    **{"count": 1234, "base": 6000, "percent": 20.6, "whole_run": False, "approvers": 1},
    "expires": "2026-03-09 12:00 UTC",
}
ITEM = {"id": "north.2.h1", "words": "R1 too many removals", "since": "2026-03-02 12:00 UTC"}
FACTS = {
    **{"district": "north", "name": "<b>North</b>", "hold": HOLD, "holds": [HOLD, HOLD]},
    **{"run": "north.2", "code": "empty-file", "slot": "2026-03-02 12:00", "who": "sam"},
    **{"since": "2026-03-02 12:00 UTC", "day": "2026-03-03", "waiting": [ITEM]},
}


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_words_of_its_own(event: str, tmp_path: Path) -> None:
    words = words_of(event, FACTS, tmp_path)
    assert words.subject.startswith("[rollbook] ")
    assert len(words.text) > 40
    assert "{{" not in words.text + words.subject
    assert not re.search(r"\n\n\n|[ \t]\n", words.text)
    assert words.spoilt == ()


def test_an_operators_own_are_used_and_html_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "hold.subject.txt").write_text("{{ name }}:\n{{ hold.count }}\n")
    (tmp_path / "hold.txt").write_text("look at {{ hold.id }} of {{ name }}")
    (tmp_path / "hold.html").write_text("<p>{{ name }} {{ hold.school }}</p>")
    words = words_of("hold", FACTS, tmp_path)
    assert words.subject == "<b>North</b>: 1234"
    assert words.text == "look at north.2.h1 of <b>North</b>"
    assert words.html == "<p>&lt;b&gt;North&lt;/b&gt; &lt;i&gt;One&lt;/i&gt;</p>"


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{{ hold.count", "line 1: TemplateSyntaxError"),
        ("a\n{% if %}", "line 2: TemplateSyntaxError"),
        ("{{ hold.pupil }}", "UndefinedError"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "SecurityError"),
        ("{{ hold.update({'id': 'x'}) }}", "SecurityError"),
        ("{% include 'other.txt' %}", "TypeError"),
        ("{{ 'x' * 1000000 }}", "ValueError"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
        ("{% for i in range(1000000) %}{% endfor %}", "OverflowError"),
        ("x" * 100_001, "ValueError"),
    ],
)
def test_one_that_is_spoilt_is_told_and_the_built_in_one_is_used(
    tmp_path: Path, template: str, why: str
) -> None:
    (tmp_path / "hold.txt").write_text(template)
    words = words_of("hold", FACTS, tmp_path)
    [said] = words.spoilt
    assert said.startswith("hold.txt")
    assert why in said
    assert "1,234 of 6,000 (20.6 %)" in words.text


def test_one_that_is_not_text_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "hold.txt").write_bytes(b"\xff\xfe")
    assert words_of("hold", FACTS, tmp_path).spoilt == ("hold.txt: UnicodeDecodeError",)
