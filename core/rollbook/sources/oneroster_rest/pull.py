"""A pull of all lists of a server into the normal set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from rollbook.config.sources.classlink import ClassLink
from rollbook.config.sources.oneroster_rest import OneRosterRest
from rollbook.errors import InputRefused
from rollbook.roster.findings import Finding, Severity
from rollbook.roster.records import role_id
from rollbook.sources.http.client import HttpClient
from rollbook.sources.json_cells import Object, text
from rollbook.sources.normal_form import NormalSet, Origin
from rollbook.sources.oneroster_csv.header import is_secret
from rollbook.sources.oneroster_csv.layouts import ROLES
from rollbook.sources.oneroster_rest import objects
from rollbook.sources.oneroster_rest.classlink import open_service
from rollbook.sources.oneroster_rest.endpoints import ENDPOINTS, INDISPENSABLE, Endpoint
from rollbook.sources.oneroster_rest.listing import Asking, Listing
from rollbook.sources.oneroster_rest.revision import Revision
from rollbook.sources.steadiness import pull_until_steady

Progress = Callable[[str, int], None]
"""Called with the list that is being read and its rows so far."""

_EXTENSION = "metadata."

_NO_ROLE = Finding(
    Severity.ERROR,
    "no-role",
    "The user has neither roles nor a role and an org. The row was set aside.",
    "Have the server say the role of every user, and where.",
)


def pull(
    source: OneRosterRest | ClassLink, normal: NormalSet, progress: Progress | None = None
) -> None:
    """Write everything that the server has into a normal set.

    Raises ``InputRefused`` with endpoint and page where the pull is not proven to be whole, after
    three tries, and ``SourceUnreachable`` where the server does not answer.
    """
    with open_service(source) as client, ThreadPoolExecutor(source.parallel) as pool:
        params: dict[str, str | int] = {"sort": "sourcedId"} if source.sort else {}
        asking = Asking(source.page_size, source.parallel, pool, params)
        pull_until_steady(lambda into: _pull(source, client, asking, into, progress), normal)


def _pull(
    source: OneRosterRest | ClassLink,
    client: HttpClient,
    asking: Asking,
    normal: NormalSet,
    progress: Progress | None,
) -> None:
    revision = Revision()
    own = tuple(f"{_EXTENSION}{name}" for name in source.metadata if not is_secret(name))
    for endpoint in ENDPOINTS:
        if endpoint.name not in source.lists:
            continue
        listing = Listing(client, f"/{endpoint.name}", endpoint.name, asking, revision)
        writing = _Writing(normal, endpoint, own)
        for page in listing.pages():
            origin = normal.origin(page.origin)
            for number, one in enumerate(page.rows, start=1):
                writing.add(one, origin, number)
            if progress is not None:
                progress(endpoint.name, writing.rows)
        if not writing.rows and endpoint.name in INDISPENSABLE:
            raise InputRefused(
                f"The list {endpoint.name} is empty, without which there is no roster.",
                code="empty-list",
                file=f"GET /{endpoint.name}",
                remedy="Check what the key may read, and that the server has this year's data.",
            )
        writing.tell_unread()


class _Writing:
    """The rows of one list on their way into its file."""

    def __init__(self, normal: NormalSet, endpoint: Endpoint, own: tuple[str, ...]) -> None:
        self.rows = 0
        self._normal = normal
        self._endpoint = endpoint
        self._own = frozenset(own)
        self._unread: Counter[str] = Counter()
        self._has_roles = endpoint.name == "users"
        normal.open(endpoint.layout.file, (*endpoint.columns, *own))
        if self._has_roles:
            normal.open(ROLES.file, ("status", *(column.header for column in ROLES.columns)))

    def add(self, one: Object, origin: Origin, number: int) -> None:
        """One object."""
        self.rows += 1
        file, source_id = self._endpoint.layout.file, text(one.get("sourcedId"))
        roles: list[objects.Role] | None = []
        status = objects.status(one)
        if self._has_roles and not status:
            roles = objects.roles(one)
        if roles is None:
            self._normal.add_unreadable(file, origin, number, _NO_ROLE, source_id)
            return
        row = {"sourcedId": source_id, "status": status, **self._endpoint.row(one)}
        for name, cell in objects.metadata(one).items():
            if f"{_EXTENSION}{name}" in self._own:
                row[f"{_EXTENSION}{name}"] = cell
            else:
                self._unread[name] += 1
        self._normal.add(file, row, origin, number)
        for role_row in role_rows(source_id, roles):
            self._normal.add(ROLES.file, role_row, origin, number)

    def tell_unread(self) -> None:
        """Name the metadata that the district's file does not ask for."""
        for name, count in sorted(self._unread.items()):
            if not is_secret(name):
                self._normal.findings.warn(
                    "metadata-not-read",
                    f"{count:,} objects have metadata {name}, which was not read.",
                    "Nothing, or name it under metadata in the district's file.",
                    file=f"GET /{self._endpoint.name}",
                    field=name,
                    kind=self._endpoint.kind,
                )


def role_rows(user: str, roles: list[objects.Role]) -> list[dict[str, str]]:
    """A user's rows of roles.csv, each with an id that the same role has every night."""
    rows: dict[str, dict[str, str]] = {}
    for role in roles:
        row_id = role_id(user, role.role, role.org)
        while row_id in rows:
            row_id += "+"
        rows[row_id] = {
            "sourcedId": row_id,
            "userSourcedId": user,
            "roleType": role.sort,
            "role": role.role,
            "orgSourcedId": role.org,
            "beginDate": role.begins,
            "endDate": role.ends,
        }
    return list(rows.values())
