"""A pull of all lists of a server into the normal set."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from rollbook.config.sources.classlink import ClassLink
from rollbook.config.sources.oneroster_rest import OneRosterRest
from rollbook.sources.http.client import HttpClient
from rollbook.sources.normal_form import NormalSet
from rollbook.sources.oneroster_rest.classlink import open_service
from rollbook.sources.oneroster_rest.endpoints import ENDPOINTS, INDISPENSABLE, empty_list
from rollbook.sources.oneroster_rest.listing import Asking, Leading, Listing
from rollbook.sources.oneroster_rest.newest import Newest
from rollbook.sources.oneroster_rest.revision import Revision
from rollbook.sources.oneroster_rest.writing import Writing
from rollbook.sources.steadiness import pull_until_steady


def pull(source: OneRosterRest | ClassLink, normal: NormalSet) -> None:
    """Write everything that the server has into a normal set.

    Raises ``InputRefused`` with endpoint and page where the pull is not proven to be whole, after
    three tries, and ``SourceUnreachable`` where the server does not answer.
    """
    _until_steady(source, None, normal)


def pull_changes(source: OneRosterRest | ClassLink, since: str, normal: NormalSet) -> None:
    """Write what has changed at ``since`` or later into a normal set; what is touched, is noted.

    Records that are gone come with the status ``tobedeleted``: a server that just leaves them out
    is to be asked for everything now and then. Raises as ``pull``.
    """
    _until_steady(source, since, normal)


def _until_steady(source: OneRosterRest | ClassLink, since: str | None, normal: NormalSet) -> None:
    params: dict[str, str | int] = {"sort": "sourcedId"} if source.sort else {}
    if since is not None:
        params["filter"] = f"dateLastModified>='{since}'"
    with open_service(source) as client, ThreadPoolExecutor(source.parallel) as pool:
        asking = Asking(source.page_size, source.parallel, pool, params)
        pull_until_steady(lambda into: _pull(source, client, asking, into, since), normal)


def _pull(
    source: OneRosterRest | ClassLink,
    client: HttpClient,
    asking: Asking,
    normal: NormalSet,
    since: str | None,
) -> None:
    revision, newest, leading = Revision(), Newest(since), Leading()
    for endpoint in ENDPOINTS:
        if endpoint.name not in source.lists:
            continue
        path = f"/{endpoint.name}"
        listing = Listing(client, path, endpoint.name, asking, revision, leading)
        writing = Writing(normal, endpoint, source.metadata, newest)
        for page in listing.pages():
            newest.begin(page.answer.headers.get("Date"))
            origin = normal.origin(page.origin)
            for number, one in enumerate(page.rows, start=1):
                writing.add(one, origin, number)
        if since is None and not writing.rows and endpoint.name in INDISPENSABLE:
            raise empty_list(endpoint.name, f"GET {path}")
        writing.tell_unread()
    leading.prove()
    normal.as_of = newest.told
