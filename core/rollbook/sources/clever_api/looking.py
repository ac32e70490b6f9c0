"""The district, and one page of each of Clever's lists, for whoever sets it up."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from rollbook.config.sources.clever_api import CleverApi
from rollbook.sources.clever_api.district import tell_state, the_district
from rollbook.sources.clever_api.listing import empty_list, rows_of
from rollbook.sources.clever_api.service import open_service
from rollbook.sources.http.client import HttpClient
from rollbook.sources.json_cells import text
from rollbook.sources.looks import Look, each, in_words
from rollbook.sources.oneroster_csv.collected import Findings

_PEOPLE = {
    "student": "students",
    "teacher": "teachers",
    "staff": "staff",
    "district_admin": "district admins",
    "contact": "contacts",
}
_LISTS = ("schools", "terms", "courses", "sections")


def look(source: CleverApi) -> Iterator[Look]:
    """What Clever says of the district and in each list. Raises as ``open_client`` does."""
    with open_service(source) as client:
        ask = partial(_list, client, source.page_size)
        yield from each(
            [
                ("district", partial(_district, client)),
                *((name, partial(ask, f"/{name}")) for name in _LISTS),
                *((_PEOPLE[r], partial(ask, "/users", r)) for r in source.roles),
            ]
        )


def _district(client: HttpClient) -> str:
    district, answer = the_district(client)
    said = Findings()
    tell_state(district, answer.endpoint, said)
    warnings = "".join(f" {finding.message}" for finding in said.all())
    return f"{text(district.get('name'))}.{warnings}"


def _list(client: HttpClient, page_size: int, path: str, role: str | None = None) -> str:
    params: dict[str, str | int] = {"limit": page_size}
    if role is not None:
        params["role"] = role
    answer = client.get_json(path, params)
    rows = rows_of(answer)
    if not rows and path == "/schools":
        raise empty_list("schools", answer.endpoint)
    return in_words(len(rows))
