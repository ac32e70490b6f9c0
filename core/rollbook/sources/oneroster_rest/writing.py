"""The objects of one list on their way into the normal set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rollbook.roster.findings import Finding, Severity
from rollbook.roster.records import role_id
from rollbook.sources.json_cells import Object, text
from rollbook.sources.normal_form import NormalSet, Origin
from rollbook.sources.oneroster_csv.header import is_secret
from rollbook.sources.oneroster_csv.layouts import ROLES
from rollbook.sources.oneroster_rest import objects
from rollbook.sources.oneroster_rest.endpoints import Endpoint
from rollbook.sources.oneroster_rest.newest import Newest

_EXTENSION = "metadata."

_NO_ROLE = Finding(
    Severity.ERROR,
    "no-role",
    "The user has neither roles nor a role and an org. The row was set aside.",
    "Have the server say the role of every user, and where.",
)


class Writing:
    """Writes the rows of one list; ``metadata`` names the objects' own fields that are read,
    ``newest`` takes in their dates."""

    def __init__(
        self,
        normal: NormalSet,
        endpoint: Endpoint,
        metadata: Iterable[str],
        newest: Newest | None = None,
    ) -> None:
        own = [f"{_EXTENSION}{name}" for name in metadata if not is_secret(name)]
        self.rows = 0
        self._normal = normal
        self._endpoint = endpoint
        self._own = frozenset(own)
        self._newest = newest or Newest(None)
        self._unread: Counter[str] = Counter()
        self._has_roles = endpoint.name == "users"
        normal.open(endpoint.layout.file, (*endpoint.columns, *own))
        if self._has_roles:
            normal.open(ROLES.file, ("status", *(column.header for column in ROLES.columns)))

    def add(self, one: Object, origin: Origin, number: int) -> None:
        """One object."""
        self.rows += 1
        file, source_id = self._endpoint.layout.file, text(one.get("sourcedId"))
        self._note(file, source_id, one)
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

    def _note(self, file: str, source_id: str, one: Object) -> None:
        """Say how new the object is; and, among changes, whose rows come anew with it."""
        self._newest.note(text(one.get("dateLastModified")) if source_id.strip() else "")
        if self._newest.since is not None:
            self._normal.touch(file, source_id)
            if self._has_roles:
                self._normal.touch(ROLES.file, source_id, "userSourcedId")

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
