"""Credentials go where the district's file says, and nowhere else."""

import pytest

from core.sources.http.scripted_server import Script, answer, raw, running_server
from rollbook.config.connections import Bearer, Http, OAuth2
from rollbook.errors import SourceUnreachable
from rollbook.sources.http import HttpClient, open_client


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_within_the_service_is_followed(
    server: Script, client: HttpClient, status: int
) -> None:
    server.answers = [raw(status, b"", Location="/v2/users"), answer({"users": []})]
    found = client.get_json("/users")
    assert found.url == f"{server.url}/v2/users"
    assert [seen.target for seen in server.seen] == ["/v1/users", "/v2/users"]
    assert all("Authorization" in seen.headers for seen in server.seen)


def test_a_redirect_to_another_host_is_not(server: Script, client: HttpClient) -> None:
    with running_server() as other:
        server.answers = [raw(302, b"", Location=f"{other.url}/login?token=canary")]
        with pytest.raises(SourceUnreachable, match=f"sends on to {other.url} ") as refused:
            client.get_json("/users")
        assert "canary" not in str(refused.value)
        assert not other.seen
    assert len(server.seen) == 1


def test_redirects_without_end(server: Script, client: HttpClient) -> None:
    server.answers = [raw(302, b"", Location="/v1/users")]
    with pytest.raises(SourceUnreachable, match="sends on and on"):
        client.get_json("/users")
    assert len(server.seen) == 5


BEARER = Bearer(type="bearer", token="env:SIS_TOKEN")


@pytest.mark.parametrize(
    "url",
    ["http://sis.example/v1", "http://10.0.0.1", "ftp://127.0.0.1", "sis.example", "http://["],
)
def test_nothing_is_sent_without_encryption(url: str) -> None:
    with pytest.raises(SourceUnreachable):
        open_client(url, BEARER, Http())


def test_a_token_is_not_asked_for_without_encryption(monkeypatch: pytest.MonkeyPatch) -> None:
    auth = OAuth2(
        type="oauth2",
        token_url="http://sis.example/token",
        client_id="env:SIS_TOKEN",
        client_secret="env:SIS_TOKEN",
    )
    with pytest.raises(SourceUnreachable, match=r"http://sis\.example is not encrypted"):
        open_client("https://sis.example/v1", auth, Http())


def test_unless_the_districts_file_allows_it() -> None:
    with open_client("http://sis.example/v1", BEARER, Http(plain_http="allowed")) as client:
        assert client.base_url == "http://sis.example/v1"
