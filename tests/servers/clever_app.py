"""The Clever API v3.1 for one district: lists by links, records by id, events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .breaks import Breaks, Mode, first_of
from .broken_answers import REPLACING, broken
from .clever_objects import Object, objects_of
from .keys import bearer
from .roster_tables import Tables

TOKEN = "canary-district-token"

_MOST = 10_000
_USUAL = 100
_ROOT = "/v3.1"


@dataclass(slots=True)
class CleverDistrict:
    """A district as Clever has it. ``events`` are in order of their ids."""

    lists: dict[str, list[Object]]
    events: list[Object] = field(default_factory=list)
    breaks: Breaks = field(default_factory=Breaks)
    asked: dict[str, int] = field(default_factory=dict)

    @property
    def itself(self) -> Object:
        """The one object of ``districts``, to be changed."""
        return self.lists["districts"][0]


def clever_district(tables: Tables) -> CleverDistrict:
    """A district to be served."""
    return CleverDistrict(objects_of(tables))


def clever_app(district: CleverDistrict, token: str = TOKEN) -> Starlette:
    """The application."""
    gate = bearer(token)

    async def answered(request: Request) -> Response:
        name = request.path_params["name"]
        role = request.query_params.get("role")
        path = f"{name}/{role}" if role else name
        page = district.asked[path] = district.asked.get(path, 0) + 1
        modes = district.breaks.of(path, page)
        refused = gate(request, name)
        if refused is not None:
            return refused
        if name not in (*district.lists, "events"):
            return JSONResponse({"message": "no such list"}, 404)
        whole = (
            _one(request, district)
            if "id" in request.path_params
            else _listed(request, district, modes)
        )
        replacing = first_of(modes, REPLACING)
        return whole if replacing is None else await broken(request, replacing, whole)

    routes = [
        Route(f"{_ROOT}/{{name}}", answered),
        Route(f"{_ROOT}/{{name}}/{{id}}", answered),
    ]
    return Starlette(routes=routes)


def _one(request: Request, district: CleverDistrict) -> Response:
    wanted = request.path_params["id"]
    for one in district.lists.get(request.path_params["name"], []):
        if one["id"] == wanted:
            return JSONResponse({"data": one})
    return JSONResponse({"message": "Resource not found"}, 404)


def _listed(request: Request, district: CleverDistrict, modes: frozenset[Mode]) -> Response:
    name, query = request.path_params["name"], request.query_params
    limit = int(query.get("limit", _USUAL))
    if limit > _MOST:
        return JSONResponse({"message": "limit is too large"}, 413)
    rows = district.events if name == "events" else district.lists[name]
    if role := query.get("role"):
        rows = [one for one in rows if one["roles"].get(role) is not None]
    if wanted := query.get("record_type"):
        rows = [one for one in rows if one["type"].startswith(f"{wanted}.")]
    after = query.get("starting_after", "")
    if name == "events" and after and after not in {one["id"] for one in rows}:
        return JSONResponse({"message": "event not found"}, 404)
    later = [one for one in rows if one["id"] > after]
    if query.get("ending_before") == "last":
        later = later[-limit:]
    page = [] if Mode.EMPTY in modes else later[:limit]
    if Mode.SHORT_PAGE in modes:
        page = page[:-2]
    if Mode.DUPLICATE_ROWS in modes:
        page = [*page, *page[-1:]]
    body: dict[str, Any] = {
        "data": [{"data": one, "uri": f"{_ROOT}/{name}/{one['id']}"} for one in page],
        "links": _links(request, later, page, limit, modes),
    }
    if Mode.NO_LIST in modes:
        del body["data"]
    return JSONResponse(body)


def _links(
    request: Request,
    later: list[Object],
    page: list[Object],
    limit: int,
    modes: frozenset[Mode],
) -> list[dict[str, str]]:
    path, query = request.url.path, dict(request.query_params)
    links = [{"rel": "self", "uri": f"{path}?{request.url.query}"}]
    if Mode.REPEATED_NEXT in modes:
        return [*links, {"rel": "next", "uri": f"{path}?{request.url.query}"}]
    if Mode.NEXT_ELSEWHERE in modes:
        return [*links, {"rel": "next", "uri": "https://elsewhere.example.org/v3.1/users"}]
    if Mode.NO_NEXT not in modes and len(later) > len(page) and page:
        following = query | {"limit": str(limit), "starting_after": page[-1]["id"]}
        text = "&".join(f"{name}={value}" for name, value in following.items())
        links.append({"rel": "next", "uri": f"{path}?{text}"})
    return links
