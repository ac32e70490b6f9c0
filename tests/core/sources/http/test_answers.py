"""What the client hands back, and what it asks."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.sources.http.scripted_server import Script, answer
from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.sources.http import HttpClient
from rollbook.sources.http.links import next_link


def test_an_answer_has_json_headers_and_its_endpoint(server: Script, client: HttpClient) -> None:
    server.answers = [answer({"users": [{"givenName": "Zoë"}]}, X_Total_Count="1")]
    found = client.get_json("/users", {"limit": 100, "filter": "status='active'"})
    assert found.json == {"users": [{"givenName": "Zoë"}]}
    assert found.headers.get("x-total-count") == "1"
    assert found.endpoint == "GET /users?limit=100&filter=status='active'"
    [seen] = server.seen
    assert seen.target == "/v1/users?limit=100&filter=status%3D%27active%27"
    assert seen.headers["Authorization"] == "Bearer canary-token-4711"
    assert seen.headers["Accept"] == "application/json"
    assert "Zoë" not in repr(found)


def test_what_is_not_there(server: Script, client: HttpClient) -> None:
    server.answers = [answer({"imsx_description": "unknown object"}, 404)]
    assert client.find_json("/users/7") is None
    with pytest.raises(SourceUnreachable, match=r'nothing there \(status 404\): "unknown object"'):
        client.get_json("/users/7")


def test_one_connection_is_kept_alive(server: Script, client: HttpClient) -> None:
    for _ in range(3):
        client.get_json("/users")
    assert len(server.seen) == 3
    assert len(server.connections) == 1


def test_several_threads_ask_at_once(server: Script, client: HttpClient) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: client.get_json("/users", {"offset": n}), range(12)))
    assert [a.endpoint for a in found] == [f"GET /users?offset={n}" for n in range(12)]
    assert len(server.connections) <= 4


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("/v1/users?offset=100", "/v1/users?offset=100"),
        ("users?offset=100", "/v1/users?offset=100"),
        ("?offset=100", "/v1/users?offset=100"),
        ("{url}/v1/users?offset=100", "/v1/users?offset=100"),
    ],
)
def test_a_link_is_followed(server: Script, client: HttpClient, link: str, target: str) -> None:
    first = client.get_json("/users", {"limit": 100})
    second = client.follow(first, link.format(url=server.url))
    assert server.seen[-1].target == target
    assert second.endpoint == "GET /users?offset=100"


@pytest.mark.parametrize(
    "link",
    [
        "https://127.0.0.1/v1/users",
        "http://127.0.0.1:1/v1/users",
        "http://evil.example/v1/users",
        "//evil.example/v1/users",
        "http://127.0.0.1@evil.example/",
        "{userinfo}/v1/users",
        "file:///etc/passwd",
        "http:\\\\evil.example",
        "http://[",
        "http://127.0.0.1:99999/",
    ],
)
def test_no_link_leads_elsewhere(server: Script, client: HttpClient, link: str) -> None:
    first = client.get_json("/users")
    link = link.format(userinfo=server.url.replace("//", "//user:pass@"))
    with pytest.raises(InputRefused, match="not followed") as refused:
        client.follow(first, link)
    assert refused.value.code == "http-link-elsewhere"
    assert refused.value.file == "GET /users"
    assert "pass" not in str(refused.value).replace("passwd", "")
    assert len(server.seen) == 1


def test_the_next_link_of_a_header(server: Script, client: HttpClient) -> None:
    links = '</v1/users?offset=0>; rel="first", </v1/users?offset=100&limit=100>; rel="next"'
    server.answers = [answer({}, Link=links), answer({})]
    first = client.get_json("/users")
    assert next_link(first) == "/v1/users?offset=100&limit=100"
    assert next_link(client.get_json("/users")) is None


def test_a_query_that_holds_a_token_is_not_told(server: Script, client: HttpClient) -> None:
    server.answers = [answer({}, 403)]
    with pytest.raises(SourceUnreachable) as refused:
        client.get_json("/users", {"access_token": "canary", "limit": 5})
    assert "GET /users?access_token=…&limit=5" in str(refused.value)
    assert "canary" not in str(refused.value)
