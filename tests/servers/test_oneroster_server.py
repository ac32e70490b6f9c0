"""Our OneRoster servers do as the specification says, and break as they are told."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from oauthlib.oauth1 import Client

from core.small_sis import small_sis

from .breaks import Mode
from .classlink_app import PARTNER, bearer_of, classlink_proxy
from .keys import CORE, DEMOGRAPHICS, KEY, SECRET, Gate, Tokens, bearer, oauth1
from .oneroster_app import BASES, CUT_LIMIT, Served, oneroster_app, served
from .running import serving
from .served_sis import tables

OPEN: Gate = bearer("open")
HEADERS = {"Authorization": "Bearer open"}


@pytest.fixture
def north(tmp_path: Path) -> Served:
    return served(tables(small_sis(1, 10), tmp_path / "set"), "1.1", classlink=True)


def get(url: str, headers: dict[str, str] = HEADERS) -> requests.Response:
    return requests.get(url, headers=headers, timeout=10)


def test_pages_and_their_headers(north: Served) -> None:
    with serving(oneroster_app(north, OPEN)) as address:
        base = f"{address}{BASES['1.1']}"
        first = get(f"{base}/users?limit=10")
        second = get(first.links["next"]["url"])
        last = get(second.links["next"]["url"])
        assert [len(page.json()["users"]) for page in (first, second, last)] == [10, 10, 3]
        assert "next" not in last.links
        assert first.headers["X-Total-Count"] == "23"
        assert (last.headers["x-count"], last.headers["x-perm-rev"]) == ("3", "rev-1")
        wanted = first.json()["users"][4]
        assert get(f"{base}/users/{wanted['sourcedId']}").json() == {"user": wanted}
        assert get(f"{base}/users/nobody").status_code == 404
        assert get(f"{base}/lineItems").status_code == 404


def test_filters_and_sorting(north: Served) -> None:
    north.objects["users"][3]["dateLastModified"] = "2026-10-01T00:00:00.000Z"
    with serving(oneroster_app(north, OPEN)) as address:
        base = f"{address}{BASES['1.1']}"
        since = get(f"{base}/users?filter=dateLastModified>'2026-09-01T00:00:00Z'").json()
        assert since == {"users": [north.objects["users"][3]]}
        both = get(f"{base}/users?filter=role='student' AND identifier='ns1-04'").json()
        assert [one["sourcedId"] for one in both["users"]] == ["s1-04"]
        assert get(f"{base}/users?filter=nonsense").status_code == 400
        downwards = get(f"{base}/users?sort=sourcedId&orderBy=desc&limit=100").json()["users"]
        ids = [one["sourcedId"] for one in downwards]
        assert ids == sorted(ids, reverse=True)


def test_oauth1_wants_every_parameter_signed_and_every_nonce_once(north: Served) -> None:
    with serving(oneroster_app(north, oauth1("HMAC-SHA256"))) as address:
        url = f"{address}{BASES['1.1']}/users?limit=5&filter=status%3D%27active%27"
        signing = Client(KEY, client_secret=SECRET, signature_method="HMAC-SHA256")
        _, signed, _ = signing.sign(url)
        assert get(url, signed).status_code == 200
        assert get(url, signed).status_code == 401
        _, signed, _ = signing.sign(url)
        assert get(url.replace("limit=5", "limit=6"), signed).status_code == 401
        _, weaker, _ = Client(KEY, client_secret=SECRET, signature_method="HMAC-SHA1").sign(url)
        assert get(url, weaker).status_code == 401


def test_tokens_have_scopes_and_run_out(tmp_path: Path) -> None:
    district = served(tables(small_sis(1, 3), tmp_path / "set"), "1.2")
    tokens = Tokens(uses=2)
    with serving(oneroster_app(district, tokens.gate, tokens)) as address:
        form = {"grant_type": "client_credentials", "scope": CORE}
        wrong = requests.post(f"{address}/token", form, auth=(KEY, "wrong"), timeout=10)
        assert wrong.status_code == 401
        given = requests.post(f"{address}/token", form, auth=(KEY, SECRET), timeout=10).json()
        bearing = {"Authorization": f"Bearer {given['access_token']}"}
        base = f"{address}{BASES['1.2']}"
        codes = [get(f"{base}/{name}", bearing).status_code for name in ("users", "demographics")]
        assert codes == [200, 403]
        assert get(f"{base}/users", bearing).status_code == 401
        form["scope"] = f"{CORE} {DEMOGRAPHICS}"
        given = requests.post(f"{address}/token", form, auth=(KEY, SECRET), timeout=10).json()
        bearing = {"Authorization": f"Bearer {given['access_token']}"}
        assert get(f"{base}/demographics", bearing).status_code == 200


@pytest.mark.parametrize(
    ("mode", "status", "kind"),
    [
        (Mode.UNAUTHORISED, 401, "application/json"),
        (Mode.FORBIDDEN, 403, "application/json"),
        (Mode.BUSY, 429, "application/json"),
        (Mode.BUSY_IN_HTML, 429, "text/html; charset=utf-8"),
        (Mode.FAILS, 500, "application/json"),
        (Mode.LOGIN_PAGE, 200, "text/html; charset=utf-8"),
        (Mode.SLOW, 200, "application/json"),
    ],
)
def test_answers_that_are_none(north: Served, mode: Mode, status: int, kind: str) -> None:
    north.breaks.plan(mode, "users", page=2, times=1)
    with serving(oneroster_app(north, OPEN)) as address:
        base = f"{address}{BASES['1.1']}/users?limit=5&offset="
        assert get(f"{base}0").status_code == 200
        broken = get(f"{base}5")
        assert (broken.status_code, broken.headers["Content-Type"]) == (status, kind)
        assert get(f"{base}5").json()["users"] == north.objects["users"][5:10]
    assert north.breaks.pages("users") == [1, 2, 2]


def test_a_body_that_ends_too_early(north: Served) -> None:
    north.breaks.plan(Mode.RESET, "users")
    with (
        serving(oneroster_app(north, OPEN)) as address,
        pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)),
    ):
        get(f"{address}{BASES['1.1']}/users")


def rows_and_total(north: Served, mode: Mode, offset: int) -> tuple[list[str], str | None]:
    north.breaks.plan(mode, "users", times=1)
    with serving(oneroster_app(north, OPEN)) as address:
        page = get(f"{address}{BASES['1.1']}/users?limit=10&offset={offset}")
    ids = [one["sourcedId"] for one in page.json().get("users", ["no list"]) if one != "no list"]
    return ids, page.headers.get("X-Total-Count")


def test_damaged_pages(north: Served) -> None:
    ids = [one["sourcedId"] for one in north.objects["users"]]
    assert rows_and_total(north, Mode.SHORT_PAGE, 10) == (ids[10:18], "23")
    assert rows_and_total(north, Mode.LOST_ROW, 10) == ([ids[10], *ids[12:21]], "23")
    assert rows_and_total(north, Mode.CUT_LIMIT, 10) == (ids[10 : 10 + CUT_LIMIT], "23")
    assert rows_and_total(north, Mode.NO_TOTAL, 10) == (ids[10:20], None)
    assert rows_and_total(north, Mode.DUPLICATE_ROWS, 10) == ([ids[9], *ids[11:20]], "23")
    assert rows_and_total(north, Mode.SHIFTED, 10) == (ids[11:21], "23")
    assert rows_and_total(north, Mode.ENDLESS, 10) == (ids[:10], "23")
    assert rows_and_total(north, Mode.EMPTY, 0) == ([], "23")
    assert rows_and_total(north, Mode.NO_LIST, 0) == ([], "23")
    assert rows_and_total(north, Mode.LARGER_TOTAL, 0) == (ids[:10], "26")
    assert rows_and_total(north, Mode.SMALLER_TOTAL, 0) == (ids[:10], "20")
    drifting = {rows_and_total(north, Mode.DRIFTING_TOTAL, 0)[1] for _ in range(2)}
    assert len(drifting) == 2


def test_sloppy_objects(north: Served) -> None:
    for mode in (Mode.NO_USERNAMES, Mode.NO_TITLES, Mode.FLAGS_AS_TEXT, Mode.RELATIVE_HREFS):
        north.breaks.plan(mode)
    north.breaks.plan(Mode.OTHER_REVISION, "classes", times=1)
    with serving(oneroster_app(north, OPEN)) as address:
        base = f"{address}{BASES['1.1']}"
        user = get(f"{base}/users?limit=1").json()["users"][0]
        answer = get(f"{base}/classes?limit=1")
    assert (user["username"], user["enabledUser"]) == ("", "True")
    assert user["orgs"] == [{"href": "org/s1", "type": "org"}]
    assert answer.json()["classes"][0]["title"] is None
    assert answer.headers["x-perm-rev"] == "rev-2"


def test_the_proxy_has_a_server_for_each_tenant(north: Served, tmp_path: Path) -> None:
    other = served(tables(small_sis(2, 3), tmp_path / "other"), "1.1")
    with serving(classlink_proxy({"17": north, "18": other})) as address:
        assert get(f"{address}/applications").status_code == 401
        partner = {"Authorization": f"Bearer {PARTNER}"}
        listed = get(f"{address}/applications", partner).json()["applications"]
        assert [one["tenant_id"] for one in listed] == ["17", "18"]
        bearing = {"Authorization": f"Bearer {bearer_of('18')}"}
        orgs = f"{address}/app-18{BASES['1.1']}/orgs"
        assert get(orgs, bearing).headers["X-Total-Count"] == "3"
        assert get(orgs, partner).status_code == 401
