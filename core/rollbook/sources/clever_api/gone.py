"""Asking Clever by id whether records that its lists no longer have are gone indeed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from urllib.parse import quote

from rollbook.config.sources.clever_api import CleverApi
from rollbook.roster.kinds import Kind
from rollbook.sources.clever_api.service import open_service
from rollbook.sources.http.client import HttpClient

_LISTS = {
    Kind.ORG: "schools",
    Kind.ACADEMIC_SESSION: "terms",
    Kind.COURSE: "courses",
    Kind.CLASS: "sections",
    Kind.USER: "users",
}


def gone_by_id(
    source: CleverApi, wanted: Mapping[Kind, Sequence[str]]
) -> dict[Kind, dict[str, bool]]:
    """As ``confirm_gone``, for the kinds that have a list; nothing is asked for none."""
    own = {kind: ids for kind, ids in wanted.items() if kind in _LISTS}
    if not own:
        return {}
    with open_service(source) as client:
        return {kind: confirm_gone(client, kind, ids, source.roles) for kind, ids in own.items()}


def confirm_gone(
    client: HttpClient, kind: Kind, ids: Iterable[str], roles: Collection[str]
) -> dict[str, bool]:
    """Whether each of these records is gone: Clever answers 404, or with somebody of none of
    ``roles``, which are those that are read.

    Raises ``KeyError`` for a kind that has no list, and what the client raises for no answer.
    """
    name = _LISTS[kind]
    gone: dict[str, bool] = {}
    for one in ids:
        answer = client.find_json(f"/{name}/{quote(one, safe='')}")
        gone[one] = answer is None or (kind is Kind.USER and not _has_any(answer.json, roles))
    return gone


def _has_any(body: object, roles: Collection[str]) -> bool:
    """Whether somebody has one of the roles; one of whom that is not said has."""
    data = body.get("data") if isinstance(body, dict) else None
    own = data.get("roles") if isinstance(data, dict) else None
    return not isinstance(own, dict) or any(isinstance(own.get(role), dict) for role in roles)
