"""A OneRoster REST server, 1.1 or 1.2, for any district, with ClassLink's headers if wanted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .breaks import Breaks, Mode, first_of
from .broken_answers import REFERENCE, REPLACING, broken, failure
from .filters import test_of
from .keys import Gate, Tokens
from .oneroster_objects import COLLECTIONS, Object, Version, objects_of
from .roster_tables import Tables

BASES = {"1.1": "/ims/oneroster/v1p1", "1.2": "/ims/oneroster/rostering/v1p2"}

CUT_LIMIT = 7
"""The rows of a page where the limit is cut."""


@dataclass(slots=True)
class Served:
    """A district as a server has it; tests change what they like while it runs.

    ``largest`` is the limit above which a page is refused. ``links`` says whether there is a
    ``Link`` header; with ``cursors`` it leads on by the id of the last row, and there are no
    offsets. ``revision`` is ClassLink's ``x-perm-rev``. ``unlisted`` are ids that lists
    leave out, totals and all, though they can be asked for.
    """

    objects: dict[str, list[Object]]
    version: Version
    breaks: Breaks = field(default_factory=Breaks)
    largest: int = 10_000
    links: bool = True
    cursors: bool = False
    classlink: bool = False
    revision: int = 1
    requests: int = 0
    unlisted: set[str] = field(default_factory=set)


def served(tables: Tables, version: Version, **settings: Any) -> Served:
    """A district to be served."""
    return Served(objects_of(tables, version), version, **settings)


def oneroster_app(
    district: Served, gate: Gate, tokens: Tokens | None = None, *, base: str | None = None
) -> Starlette:
    """The application; ``tokens`` add ``POST /token``."""
    root = BASES[district.version] if base is None else base

    async def listed(request: Request) -> Response:
        name = request.path_params["collection"]
        if name not in COLLECTIONS:
            return _of_version(failure(404, "unknownobject"), district.version)
        return await _guarded(request, district, gate, name, _page)

    async def one(request: Request) -> Response:
        name = request.path_params["collection"]
        if name not in COLLECTIONS:
            return _of_version(failure(404, "unknownobject"), district.version)
        return await _guarded(request, district, gate, name, _single)

    routes = [
        Route(f"{root}/{{collection}}", listed),
        Route(f"{root}/{{collection}}/{{sourcedId:path}}", one),
    ]
    if tokens is not None:
        routes.append(Route("/token", tokens.issue, methods=["POST"]))
    return Starlette(routes=routes)


async def _guarded(
    request: Request, district: Served, gate: Gate, collection: str, answer: Any
) -> Response:
    district.requests += 1
    limit = _number(request, "limit", 100)
    offset = _number(request, "offset", 0)
    modes = district.breaks.of(collection, offset // max(1, limit) + 1)
    refused = gate(request, collection)
    if refused is not None:
        return _of_version(refused, district.version)
    if Mode.OTHER_REVISION in modes:
        district.revision += 1
    whole: Response = answer(request, district, collection, modes)
    replacing = first_of(modes, REPLACING)
    if replacing is not None:
        whole = await broken(request, replacing, whole)
    return _of_version(whole, district.version)


def _of_version(answer: Response, version: Version) -> Response:
    """An answer, in 1.2 a refusal as that has it."""
    if version == "1.1" or answer.status_code < 400 or not isinstance(answer, JSONResponse):
        return answer
    body = {k: v for k, v in json.loads(bytes(answer.body)).items() if k != REFERENCE}
    kept = {k: v for k, v in answer.headers.items() if k.startswith("retry")}
    return JSONResponse(body, answer.status_code, headers=kept)


def _number(request: Request, name: str, otherwise: int) -> int:
    text = request.query_params.get(name, "")
    return int(text) if re.fullmatch(r"\d{1,9}", text) else otherwise


def _single(
    request: Request, district: Served, collection: str, modes: frozenset[Mode]
) -> Response:
    wanted = request.path_params["sourcedId"]
    for one in district.objects[collection]:
        if one["sourcedId"] == wanted:
            return JSONResponse({COLLECTIONS[collection]: one})
    return failure(404, "unknownobject")


def _page(request: Request, district: Served, collection: str, modes: frozenset[Mode]) -> Response:
    limit, offset = _number(request, "limit", 100), _number(request, "offset", 0)
    if limit > district.largest:
        return failure(400, "invaliddata")
    rows = [one for one in district.objects[collection] if not _is_about(one, district.unlisted)]
    if "filter" in request.query_params:
        test = test_of(request.query_params["filter"])
        if test is None:
            return failure(400, "invalid_filter_field")
        rows = [one for one in rows if test(one)]
    if (by := request.query_params.get("sort")) is not None:
        turned = request.query_params.get("orderBy") == "desc"
        rows = sorted(rows, key=lambda one: str(one.get(by, "")), reverse=turned)
    if district.cursors:
        after = request.query_params.get("after")
        offset = 1 + [one["sourcedId"] for one in rows].index(after) if after else 0
    shown = _damaged_page(rows, limit, offset, modes)
    headers = _headers(request, district, limit, offset, len(rows), len(shown), modes)
    body = {collection: [_damaged(one, modes) for one in shown]}
    return JSONResponse({} if Mode.NO_LIST in modes else body, headers=headers)


def _is_about(one: Object, ids: set[str]) -> bool:
    """Whether an object is one of these, or belongs to one."""
    user = one.get("user")
    return one["sourcedId"] in ids or (isinstance(user, dict) and user.get("sourcedId") in ids)


def _damaged_page(
    rows: list[Object], limit: int, offset: int, modes: frozenset[Mode]
) -> list[Object]:
    if Mode.EMPTY in modes:
        return []
    if Mode.ENDLESS in modes:
        offset = 0
    if Mode.CUT_LIMIT in modes:
        limit = min(limit, CUT_LIMIT)
    if Mode.ALWAYS_SEVEN in modes:
        limit = CUT_LIMIT
    if Mode.SHIFTED in modes and offset:
        offset += 1
    page = rows[offset : offset + limit]
    if Mode.SHORT_PAGE in modes:
        page = page[:-2]
    if Mode.LOST_ROW in modes:
        page = [*page[:1], *page[2:], *rows[offset + limit : offset + limit + 1]]
    if Mode.DUPLICATE_ROWS in modes and offset:
        page = [rows[offset - 1], *page[1:]]
    if Mode.TWO_STORIES in modes and offset:
        page = [rows[offset - 1] | {"dateLastModified": "2026-09-09T00:00:00.000Z"}, *page[1:]]
    return page


def _headers(
    request: Request,
    district: Served,
    limit: int,
    offset: int,
    total: int,
    count: int,
    modes: frozenset[Mode],
) -> dict[str, str]:
    headers: dict[str, str] = {}
    if Mode.NO_TOTAL not in modes:
        shown = total + (district.requests if Mode.DRIFTING_TOTAL in modes else 0)
        shown += 3 * ((Mode.LARGER_TOTAL in modes) - (Mode.SMALLER_TOTAL in modes))
        headers["X-Total-Count"] = "0" if Mode.ZERO_TOTAL in modes else str(shown)
    if district.classlink:
        counted = count + (Mode.WRONG_COUNT in modes)
        headers |= {"x-count": str(counted), "x-perm-rev": f"rev-{district.revision}"}
    links = district.links and Mode.NO_NEXT not in modes
    if links and (offset + limit < total or Mode.ENDLESS in modes):
        onward = {"offset": offset + limit}
        if district.cursors:
            onward = {"after": district.objects[_listed(request)][offset + limit - 1]["sourcedId"]}
        asked = {k: v for k, v in request.query_params.items() if k not in ("offset", "after")}
        query: Mapping[str, Any] = {**asked, "limit": limit, **onward}
        address = request.url.replace(query=urlencode(query))
        headers["Link"] = f'<{address}>; rel="next"'
    return headers


def _listed(request: Request) -> str:
    name: str = request.path_params["collection"]
    return name


def _damaged(one: Object, modes: frozenset[Mode]) -> Object:
    if Mode.NO_USERNAMES in modes and "username" in one:
        one = one | {"username": ""}
    if Mode.NO_TITLES in modes and "title" in one:
        one = one | {"title": None}
    if Mode.FLAGS_AS_TEXT in modes:
        one = {
            name: str(value) if isinstance(value, bool) else value for name, value in one.items()
        }
    if Mode.RELATIVE_HREFS in modes:
        one = {name: _relative(value) for name, value in one.items()}
    return one


def _relative(value: Any) -> Any:
    """References as some servers write them: a relative address, and no id beside it."""
    if isinstance(value, list):
        return [_relative(item) for item in value]
    if isinstance(value, dict) and "href" in value:
        return {"href": value["href"].removeprefix("/"), "type": value["type"]}
    return value
