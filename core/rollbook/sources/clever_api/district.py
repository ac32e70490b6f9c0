"""What Clever says of the district itself: its state, its pauses, and its last sync."""

from __future__ import annotations

import re

from rollbook.errors import InputRefused
from rollbook.sources.clever_api.dates import iso_day
from rollbook.sources.clever_api.listing import rows_of
from rollbook.sources.http.client import Answer, HttpClient
from rollbook.sources.json_cells import Object, text
from rollbook.sources.of_its_night import CLEVER_PAUSE_PLANNED, CLEVER_PAUSED, CLEVER_STATE
from rollbook.sources.oneroster_csv.collected import Findings

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII).fullmatch
_WELL = frozenset({"running", "success", ""})


def the_district(client: HttpClient) -> tuple[Object, Answer]:
    """The one district of the token, and the answer that told it.

    Raises ``InputRefused`` (``no-district``) for none and for several, and what the client raises.
    """
    answer = client.get_json("/districts")
    rows = rows_of(answer)
    if len(rows) != 1:
        raise InputRefused(
            f"The token opens {len(rows)} districts; one is needed.",
            code="no-district",
            file=answer.endpoint,
            remedy="Use the token that Clever gave out for this district.",
        )
    return rows[0], answer


def tell_state(district: Object, endpoint: str, findings: Findings) -> None:
    """Findings about a district that Clever does not keep up just now, or soon will not.

    Clever goes on answering then, with what it last knew.
    """
    state = text(district.get("state"))
    if state == "paused":
        findings.warn(
            CLEVER_PAUSED,
            f"The district is paused in Clever{_span(district)}: what it has may be old.",
            "Nothing, if the pause is meant; else end it in Clever.",
            file=endpoint,
            field="state",
        )
    elif state not in _WELL:
        word = state if state in ("pending", "error") else "another one"
        findings.warn(
            CLEVER_STATE,
            f"The district's state in Clever is not running ({word}): what it has may be old.",
            "Look into the sync status in Clever.",
            file=endpoint,
            field="state",
        )
    elif span := _span(district):
        findings.warn(
            CLEVER_PAUSE_PLANNED,
            f"The district is to be paused in Clever{span}.",
            "Nothing, if the pause is meant.",
            file=endpoint,
            field="pause_start",
        )


def last_sync(district: Object) -> str:
    """When Clever last took over what the district has; blank where it does not say."""
    return text(district.get("last_sync"))


def _span(district: Object) -> str:
    words = ""
    for word, name in (("from", "pause_start"), ("to", "pause_end")):
        day = iso_day(text(district.get(name)))
        if _DAY(day):
            words += f" {word} {day}"
    return words
