"""One list of Clever's, link after link, and the proof that it is all there is.

Ids ascend from the first page to the last; nothing comes after the last one, and nothing after
nothing (``formats.md`` §4, ``safety.md`` §4.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import NoReturn

from rollbook.errors import InputRefused
from rollbook.sources.http.client import Answer, HttpClient
from rollbook.sources.json_cells import Object, text
from rollbook.sources.steadiness import Unsteady

Params = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Page:
    """Some objects of a list, and where they came from. ``number`` counts the pages from 1."""

    number: int
    rows: list[Object]
    answer: Answer

    @property
    def origin(self) -> str:
        """The page, for findings."""
        return f"{self.answer.endpoint}, page {self.number}"


def listed(client: HttpClient, path: str, params: Params, pool: Executor) -> Iterator[Page]:
    """Every page of a list in order; at the end the list is proven to be whole.

    The next page is fetched while one is being worked on. Raises ``Unsteady`` where the list is
    not whole, ``InputRefused`` (``no-list``, and ``http-link-elsewhere`` for a link that leads
    away), and what the client raises.
    """
    page = _page(1, client.get_json(path, params))
    last_id = ""
    while True:
        following = _next(page, client, pool)
        last_id = _ascended(page, last_id)
        if following is not None and not page.rows:
            _unsteady("rows-missing", "The page is empty, and yet names a next one.", page)
        yield page
        if following is None:
            break
        page = _page(page.number + 1, following.result())
    after: Params = {**params, "starting_after": last_id} if last_id else params
    if _page(page.number + 1, client.get_json(path, after)).rows:
        _unsteady("rows-missing", "There is more after its last page.", page)


def rows_of(answer: Answer) -> list[Object]:
    """The objects of an answer. Raises ``InputRefused`` (``no-list``)."""
    body = answer.json if isinstance(answer.json, dict) else {}
    items = body.get("data")
    if isinstance(items, list):
        found = [item.get("data") for item in items if isinstance(item, dict)]
        rows: list[Object] = [row for row in found if isinstance(row, dict)]
        if len(rows) == len(items):
            return rows
    raise InputRefused(
        "The answer has no list data.",
        code="no-list",
        file=answer.endpoint,
        remedy="Check the url in the district's file: another service answers there.",
    )


def empty_list(name: str, where: str) -> InputRefused:
    """The refusal of a list that cannot be empty; ``where`` it was asked for."""
    return InputRefused(
        f"The list {name} is empty, without which there is no roster.",
        code="empty-list",
        file=where,
        remedy="Check what the district shares with the application in Clever.",
    )


def next_of(answer: Answer) -> str | None:
    """The link to the page after this one."""
    links = answer.json.get("links") if isinstance(answer.json, dict) else None
    for link in links if isinstance(links, list) else []:
        if isinstance(link, dict) and link.get("rel") == "next":
            return text(link.get("uri")) or None
    return None


def _next(page: Page, client: HttpClient, pool: Executor) -> Future[Answer] | None:
    link = next_of(page.answer)
    return None if link is None else pool.submit(client.follow, page.answer, link)


def _page(number: int, answer: Answer) -> Page:
    return Page(number, rows_of(answer), answer)


def _ascended(page: Page, last_id: str) -> str:
    """The last id of a page, all of whose ids come after those before."""
    for row in page.rows:
        own = text(row.get("id"))
        if own <= last_id:
            _unsteady("rows-repeated", "An id does not come after the one before it.", page)
        last_id = own
    return last_id


def _unsteady(code: str, message: str, page: Page) -> NoReturn:
    raise Unsteady(
        f"The list is not proven to be whole. {message}",
        code=code,
        file=page.origin,
        remedy="Sync again; if it stays so, tell Clever's support which page it is.",
    )
