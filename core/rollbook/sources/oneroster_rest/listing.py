"""One list of a server, page after page, and the proof that it is all there is.

With a total, pages are asked for side by side and come out in order; every page carries the same
total, so many different ids came as it says, and the first and the last page are the same when they
are asked for again. A server whose links are not made of offsets is followed from link to link, as
far as its total. Without a total, a list is proven by an empty page after it, and by its last row
where that was counted; or, where offsets are ignored, by links that lead to the same rows when they
are asked for in smaller pages. Source: ``safety.md`` §4.2 and §4.10, items 85 to 88.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from typing import NoReturn
from urllib.parse import parse_qs, urlsplit

from rollbook.errors import InputRefused
from rollbook.sources.http.client import Answer, HttpClient
from rollbook.sources.http.links import next_link
from rollbook.sources.json_cells import Object, text
from rollbook.sources.oneroster_rest.revision import Revision
from rollbook.sources.oneroster_rest.seen import Seen, digests_of
from rollbook.sources.steadiness import Unsteady

MOST_ROWS = 20_000_000
"""More rows than any district has: a list that goes on is one that never ends."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How a server is asked: rows of a page, requests side by side and the threads that make them,
    and parameters for all. A thread keeps its connection alive from one list to the next."""

    page_size: int
    parallel: int
    pool: Executor
    params: dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, where they came from, and what was asked for. ``number`` counts the
    pages from 1; one that is looked at only has none. One that is ``linked`` was led to by the one
    before it."""

    number: int
    offset: int
    limit: int
    rows: list[Object]
    answer: Answer
    total: int | None
    linked: bool = False

    @property
    def origin(self) -> str:
        """The page, for findings."""
        named = f", page {self.number}" if self.number else ""
        return f"{self.answer.endpoint}{named}"


@dataclass(slots=True)
class Leading:
    """Whether a server has led on by links that are not made of offsets, in any list of a pull, and
    a page of which only that could tell whether it is the last one."""

    by_links: bool = False
    doubtful: Page | None = None

    def prove(self) -> None:
        """At the end of a pull: raise ``Unsteady`` where a page stays doubtful."""
        if self.doubtful is not None and not self.by_links:
            raise no_way_on(self.doubtful)


class Listing:
    """The pull of one list."""

    def __init__(
        self,
        client: HttpClient,
        path: str,
        name: str,
        asking: Asking,
        revision: Revision,
        leading: Leading,
    ) -> None:
        """``path`` is asked of the client; ``name`` is what the list is called in an answer."""
        self._client = client
        self._path = path
        self._name = name
        self._asking = asking
        self._revision = revision
        self._leading = leading
        self._seen = Seen()
        self._pages = 0

    def pages(self) -> Iterator[Page]:
        """Every page in order; at the end the list is proven to be whole.

        Raises ``Unsteady`` where it is not, ``InputRefused`` (``no-list``) for an answer without
        the list, and what the client raises.
        """
        first = self._taken(self._ask(0, self._asking.page_size))
        yield first
        if _leads_by_link(first.answer):
            last = yield from self._by_links(first)
        elif first.total is None:
            last = yield from self._one_by_one(first)
        elif first.total and not first.rows:
            self._unsteady("rows-missing", f"The total is {first.total:,}, the list empty.", first)
        else:
            last = yield from self._side_by_side(first, first.total)
        self._prove_ids(last)
        self._ask_again(first)
        if last.number != first.number:
            self._ask_again(last)

    def _by_links(self, first: Page) -> Generator[Page, None, Page]:
        """The pages after the first of a server that counts them by links alone; the last."""
        last, offset = first, len(first.rows)
        self._leading.by_links = True
        while (link := next_link(last.answer)) is not None:
            answer = self._client.follow(last.answer, link)
            came = page_of(answer, self._name, offset, self._asking.page_size)
            page = self._taken(replace(self._counted(came), linked=True))
            self._same_total(page, first.total)
            if not page.rows and next_link(answer) is not None:
                self._unsteady("rows-missing", "The page is empty, and yet names a next one.", page)
            yield page
            last, offset = page, offset + len(page.rows)
        if first.total is not None and offset != first.total:
            self._unsteady(
                "rows-missing", f"The links end after {offset:,} of {first.total:,} rows.", last
            )
        return last

    def _side_by_side(self, first: Page, total: int) -> Generator[Page, None, Page]:
        """The pages after the first, as far as the total says; returns the last."""
        size = self._asking.page_size
        if len(first.rows) > total or (len(first.rows) > size and len(first.rows) != total):
            self._unsteady("rows-too-many", "The page has more rows than were asked for.", first)
        step = len(first.rows) if len(first.rows) < size else size
        last = first
        offsets = deque(range(max(step, len(first.rows)), total, step or 1))
        pool = self._asking.pool
        under_way: deque[Future[Page]] = deque()
        try:
            while offsets or under_way:
                while offsets and len(under_way) <= self._asking.parallel:
                    at = offsets.popleft()
                    under_way.append(pool.submit(self._ask, at, step))
                for page in self._filled(under_way.popleft().result(), step, total):
                    last = page
                    yield page
        finally:
            for future in under_way:
                future.cancel()
        if next_link(last.answer) is not None and total:
            self._nothing_after(total, last)
        return last

    def _filled(self, page: Page, step: int, total: int) -> Iterator[Page]:
        """A page of ``step`` rows, or of those that are left; where it is short, the rest of it
        is asked for by itself."""
        wanted = min(step, total - page.offset)
        while True:
            page = self._taken(page)
            self._same_total(page, total)
            if len(page.rows) > wanted:
                self._unsteady("rows-too-many", "The page has more rows than were asked for.", page)
            if not page.rows:
                self._unsteady("rows-missing", "The page is empty, the total says more.", page)
            yield page
            wanted -= len(page.rows)
            if not wanted:
                return
            page = self._ask(page.offset + len(page.rows), wanted)

    def _one_by_one(self, first: Page) -> Generator[Page, None, Page]:
        """The pages after the first of a list without a total; returns the last with rows."""
        last, offset = first, len(first.rows)
        while last.rows:
            page = self._ask(offset, self._asking.page_size)
            self._same_total(page, None)
            if not page.rows:
                break
            if last is first and digests_of(page.rows) == digests_of(first.rows):
                self._prove_by_links(first)
                return first
            last = self._taken(page)
            yield last
            offset += len(page.rows)
        if last.rows:
            self._ends_with(last, offset)
        return last

    def _prove_by_links(self, first: Page) -> None:
        """A page comes again whatever the offset: it is all there is where the server leads on by
        links, of which this page has none.

        That shows when the page is asked for in two. Of a single row it shows in another list.
        """
        half = len(first.rows) // 2
        if not half:
            self._leading.doubtful = self._leading.doubtful or first
            return
        page = self._ask(0, half)
        came = digests_of(page.rows)
        while (link := next_link(page.answer)) is not None and len(came) <= len(first.rows):
            self._leading.by_links = self._leading.by_links or _leads_by_link(page.answer)
            answer = self._client.follow(page.answer, link)
            page = page_of(answer, self._name, len(came), half)
            came += digests_of(page.rows)
        if came != digests_of(first.rows) or not self._leading.by_links:
            raise no_way_on(first)

    def _ends_with(self, last: Page, count: int) -> None:
        """Ask for the last row by itself: a page may be empty in the middle of a list."""
        page = self._ask(count - 1, self._asking.page_size)
        if digests_of(page.rows) != digests_of(last.rows[-1:]):
            self._unsteady("rows-missing", "The list ends elsewhere when asked again.", page)

    def _nothing_after(self, total: int, last: Page) -> None:
        """The last page names a next one, though the total is reached: that must be empty."""
        if self._ask(total, self._asking.page_size).rows:
            self._unsteady("rows-too-many", f"There is more than the total of {total:,}.", last)

    def _ask(self, offset: int, limit: int) -> Page:
        params = self._asking.params
        return self._counted(ask_page(self._client, self._path, self._name, offset, limit, params))

    def _counted(self, page: Page) -> Page:
        """A page that has as many rows as it says."""
        count = _number(page.answer, _COUNT)
        if count is not None and count != len(page.rows) and count != page.total:
            self._unsteady(
                "rows-missing", f"{_COUNT} is {count:,}, the rows are {len(page.rows):,}.", page
            )
        return page

    def _taken(self, page: Page) -> Page:
        """Note what came, in the order in which it is given on."""
        self._pages += 1
        page = replace(page, number=self._pages)
        change = self._revision.changed(page.answer)
        if change is not None:
            self._unsteady("revision-changed", change, page)
        self._seen.add(page.rows)
        if self._seen.rows > MOST_ROWS:
            self._unsteady("endless-list", "The list does not end.", page)
        if self._seen.is_repeated:
            self._unsteady("rows-repeated", "The page is one that came before.", page)
        return page

    def _same_total(self, page: Page, total: int | None) -> None:
        """The page has to tell the total that was told before, or none where there was none."""
        if page.total == total:
            return
        if total is None:
            self._unsteady("total-changed", "There is a total now, and was none before.", page)
        said = "gone" if page.total is None else f"{page.total:,}"
        self._unsteady("total-changed", f"The total was {total:,} and is {said}.", page)

    def _prove_ids(self, last: Page) -> None:
        """No id may have come twice: then another one was missed."""
        if twice := self._seen.repeated_ids():
            self._unsteady("rows-repeated", f"{twice:,} ids came twice.", last)

    def _ask_again(self, page: Page) -> None:
        """The page must be what it was, and the total, too."""
        if page.linked:
            answer = self._client.follow(page.answer, page.answer.url)
            asked = page_of(answer, self._name, page.offset, page.limit)
        else:
            asked = self._ask(page.offset, page.limit)
        again = replace(asked, number=page.number)
        self._same_total(again, page.total)
        change = self._revision.changed(again.answer)
        if change is not None:
            self._unsteady("revision-changed", change, again)
        if digests_of(again.rows) != digests_of(page.rows):
            self._unsteady("rows-moved", "The page is another one when asked for again.", again)
        if (next_link(again.answer) is None) != (next_link(page.answer) is None):
            self._unsteady("rows-moved", "The page leads on elsewhere when asked for again.", again)

    def _unsteady(self, code: str, message: str, page: Page) -> NoReturn:
        raise Unsteady(
            f"The list is not proven to be whole. {message}",
            code=code,
            file=page.origin,
            remedy="Sync again when nobody writes there. If it stays so, set sort = true in the "
            "district's file, or a smaller page_size.",
        )


def no_way_on(page: Page) -> Unsteady:
    """Nobody can tell whether a list has more than a page."""
    return Unsteady(
        "The list is not proven to be whole. The page comes again whatever the offset, and the "
        "server neither tells a total nor leads on by links.",
        code="rows-repeated",
        file=page.origin,
        remedy="Have the server send X-Total-Count, or pages by offset or by Link.",
    )


def ask_page(
    client: HttpClient,
    path: str,
    name: str,
    offset: int,
    limit: int,
    params: Mapping[str, str | int],
) -> Page:
    """One page of the list ``name`` at ``path``, as it comes.

    Raises ``InputRefused`` (``no-list``) for an answer without the list, and what the client
    raises.
    """
    answer = client.get_json(path, {"limit": limit, "offset": offset, **params})
    return page_of(answer, name, offset, limit)


def page_of(answer: Answer, name: str, offset: int, limit: int) -> Page:
    """The page that an answer is. Raises ``InputRefused`` (``no-list``)."""
    rows = answer.json.get(name) if isinstance(answer.json, dict) else None
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise InputRefused(
            f"The answer has no list {name}.",
            code="no-list",
            file=answer.endpoint,
            remedy="Check the path in the district's file: another service answers there.",
        )
    return Page(0, offset, limit, rows, answer, _number(answer, _TOTAL))


def _leads_by_link(answer: Answer) -> bool:
    """Whether the next page has an address that is not made of an offset."""
    link = next_link(answer)
    return link is not None and "offset" not in parse_qs(urlsplit(link).query)


_TOTAL, _COUNT = "X-Total-Count", "x-count"


def _number(answer: Answer, header: str) -> int | None:
    said = text(answer.headers.get(header)).strip()
    return int(said) if said.isascii() and said.isdigit() else None
