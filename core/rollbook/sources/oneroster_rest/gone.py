"""Asking by id whether records that a list no longer has are gone indeed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from rollbook.config.sources import ClassLink, OneRosterRest
from rollbook.roster.kinds import Kind
from rollbook.sources.http.client import HttpClient
from rollbook.sources.json_cells import text
from rollbook.sources.oneroster_rest.classlink import open_service
from rollbook.sources.oneroster_rest.endpoints import ENDPOINTS

_KINDS = {endpoint.kind: endpoint for endpoint in ENDPOINTS}
_GONE = frozenset({"tobedeleted", "inactive"})


def gone_by_id(
    source: OneRosterRest | ClassLink, wanted: Mapping[Kind, Sequence[str]]
) -> dict[Kind, dict[str, bool]]:
    """As ``confirm_gone``, for the kinds of the source's own lists; nothing is asked for none."""
    own = {
        kind: ids
        for kind, ids in wanted.items()
        if kind in _KINDS and _KINDS[kind].name in source.lists
    }
    if not own:
        return {}
    with open_service(source) as client:
        return {kind: confirm_gone(client, kind, ids) for kind, ids in own.items()}


def confirm_gone(client: HttpClient, kind: Kind, ids: Iterable[str]) -> dict[str, bool]:
    """Whether each of these records is gone: the server answers 404, or says so of the record.

    Absence in a list is a hypothesis (``safety.md`` §4.2). Raises ``KeyError`` for a kind that has
    no list, and what the client raises for whatever is neither.
    """
    endpoint = _KINDS[kind]
    gone: dict[str, bool] = {}
    for one in ids:
        answer = client.find_json(f"/{endpoint.name}/{quote(one, safe='')}")
        if answer is None:
            gone[one] = True
            continue
        body = answer.json if isinstance(answer.json, dict) else {}
        record = body.get(endpoint.single)
        status = text(record.get("status")) if isinstance(record, dict) else ""
        gone[one] = status.strip().lower() in _GONE
    return gone
