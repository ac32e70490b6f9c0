"""What was typed for a new district so far, kept while the form is closed."""

from __future__ import annotations

from dataclasses import dataclass, field

TYPE = "source.type"
FIRST_TYPE = "oneroster-csv"


@dataclass
class Draft:
    """``typed`` is by the keys of ``rollbook.desk.district_forms``; ``own_id`` says that the id is
    no longer the one that is proposed from the name."""

    typed: dict[str, str] = field(default_factory=lambda: {TYPE: FIRST_TYPE})
    own_id: bool = False
