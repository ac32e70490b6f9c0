"""A pull of everything that Clever has of a district into the normal set."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

from rollbook.config.sources.clever_api import CleverApi
from rollbook.errors import InputRefused
from rollbook.sources.clever_api import objects
from rollbook.sources.clever_api.district import last_sync, tell_state, the_district
from rollbook.sources.clever_api.events import Cursor, newest
from rollbook.sources.clever_api.listing import Params, empty_list, listed
from rollbook.sources.clever_api.service import open_service
from rollbook.sources.clever_api.writing import Writing
from rollbook.sources.http.client import HttpClient
from rollbook.sources.json_cells import Object, text
from rollbook.sources.normal_form import NormalSet, Origin
from rollbook.sources.steadiness import Unsteady, pull_until_steady

Placed = tuple[Object, Origin, int]
"""An object, the page that it came on, and its place there."""


def pull(source: CleverApi, normal: NormalSet) -> None:
    """Write everything that Clever has of the district into a normal set.

    Raises ``InputRefused`` with endpoint and page where the pull is not proven to be whole, after
    three tries, and ``SourceUnreachable`` where Clever does not answer.
    """
    with open_service(source) as client, ThreadPoolExecutor(1) as pool:
        pull_until_steady(lambda into: _Pull(source, client, pool, into).everything(), normal)


class _Pull:
    """One try."""

    def __init__(
        self, source: CleverApi, client: HttpClient, pool: Executor, normal: NormalSet
    ) -> None:
        self._source = source
        self._client = client
        self._pool = pool
        self._normal = normal
        self._writing = Writing(source, normal)
        self._several_roles: set[str] = set()

    def everything(self) -> None:
        """All lists, from the district down to its people."""
        cursor = self._cursor() if self._source.changes_only else None
        district, answer = the_district(self._client)
        where, writing = text(district.get("id")), self._writing
        self._normal.as_of = f"{cursor.written} {where}" if cursor else None
        tell_state(district, answer.endpoint, self._normal.findings)
        writing.district(district, self._normal.origin(answer.endpoint))
        self._schools()
        for one, origin, number in self._rows("/terms"):
            writing.term(one, origin, number)
        for one, origin, number in self._rows("/courses"):
            writing.course(one, origin, number)
        for one, origin, number in self._rows("/sections"):
            writing.section(one, origin, number)
        self._people(where)
        self._refuse_moved(district)

    def _cursor(self) -> Cursor | None:
        """Where events end now; ``None`` where they cannot be gone on from."""
        try:
            return newest(self._client)
        except InputRefused:
            return None

    def _schools(self) -> None:
        found = False
        for one, origin, number in self._rows("/schools"):
            found = True
            self._writing.school(one, origin, number)
        if not found:
            raise empty_list("schools", "GET /schools")

    def _people(self, where: str) -> None:
        for role in self._source.roles:
            for one, origin, number in self._rows("/users", role=role):
                if self._is_new(one):
                    self._writing.person(one, where, origin, number)
        if not self._normal.rows("users.csv"):
            raise empty_list("users", "GET /users")

    def _is_new(self, one: Object) -> bool:
        """Whether somebody has not been on the list of another of their roles already."""
        if objects.number_of_roles(one) < 2:
            return True
        own = text(one.get("id"))
        new = own not in self._several_roles
        self._several_roles.add(own)
        return new

    def _rows(self, path: str, **params: str) -> Iterator[Placed]:
        asked: Params = {**params, "limit": self._source.page_size}
        for page in listed(self._client, path, asked, self._pool):
            origin = self._normal.origin(page.origin)
            for number, one in enumerate(page.rows, start=1):
                yield one, origin, number

    def _refuse_moved(self, before: Object) -> None:
        """Clever must not have taken over anything new in the middle of the pull."""
        now, answer = the_district(self._client)
        if last_sync(now) != last_sync(before):
            raise Unsteady(
                "Clever took over new data in the middle of the pull.",
                code="revision-changed",
                file=answer.endpoint,
                remedy="Sync at another time of the day than Clever does.",
            )
