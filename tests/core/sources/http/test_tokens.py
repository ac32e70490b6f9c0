"""OAuth 2 client credentials: asked for once, and anew when the time has come."""

import base64
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.sources.http.scripted_server import Script, answer, raw, running_server
from core.sources.http.still_time import StillTime
from rollbook.config.connections import Http, OAuth2
from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.sources.http import HttpClient, open_client

SECRET = "canary-client-secret"
SCOPES = (
    "https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly",
    "https://purl.imsglobal.org/spec/or/v1p2/scope/roster-demographics.readonly",
)


def token(value: str, **fields: object) -> bytes:
    return answer({"access_token": value, "token_type": "Bearer", "expires_in": 3600, **fields})


@pytest.fixture
def issuer() -> Iterator[Script]:
    with running_server() as script:
        script.answers = [token("first"), token("second"), token("third")]
        yield script


@pytest.fixture
def client(
    server: Script, issuer: Script, time: StillTime, monkeypatch: pytest.MonkeyPatch
) -> Iterator[HttpClient]:
    monkeypatch.setenv("SIS_ID", "client-7")
    monkeypatch.setenv("SIS_SECRET", SECRET)
    auth = OAuth2(
        type="oauth2",
        token_url=f"{issuer.url}/oauth/token",
        client_id="env:SIS_ID",
        client_secret="env:SIS_SECRET",
        scopes=SCOPES,
    )
    with open_client(f"{server.url}/v1p2", auth, Http(), waiting=time.waiting()) as client:
        yield client


def sent(script: Script) -> list[str]:
    return [seen.headers["Authorization"] for seen in script.seen]


def test_one_token_for_many_requests(server: Script, issuer: Script, client: HttpClient) -> None:
    for _ in range(3):
        client.get_json("/users")
    assert sent(server) == ["Bearer first"] * 3
    [asked] = issuer.seen
    assert asked.method == "POST"
    assert asked.target == "/oauth/token"
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    basic = base64.b64encode(f"client-7:{SECRET}".encode()).decode()
    assert asked.headers["Authorization"] == f"Basic {basic}"
    assert asked.body.startswith("grant_type=client_credentials&scope=https%3A%2F%2Fpurl.ims")
    assert "roster-core.readonly+https" in asked.body
    assert SECRET not in asked.body


def test_a_token_is_renewed_before_it_ends(
    server: Script, issuer: Script, client: HttpClient, time: StillTime
) -> None:
    for seconds in (0, 3569, 3570, 7139, 7140):
        time.seconds = seconds
        client.get_json("/users")
    assert sent(server) == [f"Bearer {n}" for n in ("first", "first", "second", "second", "third")]


@pytest.mark.parametrize("lifetime", [None, "never", "nan"])
def test_a_token_of_unknown_life_is_kept(
    server: Script, issuer: Script, client: HttpClient, time: StillTime, lifetime: object
) -> None:
    issuer.answers = [token("first", expires_in=lifetime), token("second")]
    client.get_json("/users")
    time.seconds = 1e6
    client.get_json("/users")
    assert sent(server) == ["Bearer first"] * 2


def test_a_token_of_a_moments_life_is_used_once(
    server: Script, issuer: Script, client: HttpClient
) -> None:
    issuer.answers = [token("first", expires_in=1), token("second", expires_in="3600")]
    for _ in range(3):
        client.get_json("/users")
    assert sent(server) == ["Bearer first", "Bearer second", "Bearer second"]


def test_a_token_that_ends_in_the_middle_of_a_paging(
    server: Script, issuer: Script, client: HttpClient
) -> None:
    server.answers = [answer({"n": 1}), answer({}, 401), answer({"n": 2}), answer({"n": 3})]
    pages = [client.get_json("/users", {"offset": n}).json["n"] for n in range(3)]
    assert pages == [1, 2, 3]
    assert sent(server) == ["Bearer first"] * 2 + ["Bearer second"] * 2
    assert [seen.target for seen in server.seen[1:3]] == ["/v1p2/users?offset=1"] * 2


def test_a_second_refusal_is_one(server: Script, issuer: Script, client: HttpClient) -> None:
    server.answers = [answer({}, 401)]
    with pytest.raises(SourceUnreachable, match="does not accept the credentials"):
        client.get_json("/users")
    assert sent(server) == ["Bearer first", "Bearer second"]


def test_the_same_token_again_is_not_sent(
    server: Script, issuer: Script, client: HttpClient
) -> None:
    issuer.answers = [token("first")]
    server.answers = [answer({}, 401)]
    with pytest.raises(SourceUnreachable):
        client.get_json("/users")
    assert sent(server) == ["Bearer first"]


def test_threads_that_are_refused_together_ask_for_one_token(
    server: Script, issuer: Script, client: HttpClient
) -> None:
    client.get_json("/users")
    server.refuse = "Bearer first"
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: client.get_json("/users", {"offset": n}), range(4)))
    assert len(issuer.seen) == 2


def test_a_refused_client_is_told(server: Script, issuer: Script, client: HttpClient) -> None:
    document = {"error": "invalid_client", "error_description": f"secret {SECRET} is wrong"}
    issuer.answers = [answer(document, 401)]
    with pytest.raises(SourceUnreachable) as refused:
        client.get_json("/users")
    assert refused.value.message.startswith("POST /oauth/token: the server does not accept")
    assert '"secret … is wrong"' in refused.value.message
    assert not server.seen


@pytest.mark.parametrize(
    "response",
    [
        answer({}),
        answer([]),
        answer({"access_token": 7}),
        answer({"access_token": "a\r\nX-Other: b"}),
        answer({"access_token": "ä"}),
        answer({"access_token": ""}),
        answer({"access_token": "a", "token_type": "mac"}),
    ],
)
def test_what_is_no_token(
    server: Script, issuer: Script, client: HttpClient, response: bytes
) -> None:
    issuer.answers = [response]
    with pytest.raises(SourceUnreachable, match="POST /oauth/token: the server gave no bearer"):
        client.get_json("/users")
    assert not server.seen


def test_a_page_to_log_in_is_no_token(server: Script, issuer: Script, client: HttpClient) -> None:
    issuer.answers = [raw(200, b"<html>", Content_Type="text/html")]
    with pytest.raises(InputRefused, match=r"POST /oauth/token: .*web page"):
        client.get_json("/users")


def test_the_issuer_may_not_send_elsewhere(
    server: Script, issuer: Script, client: HttpClient
) -> None:
    for where in (server.url, "/oauth/other"):
        issuer.answers = [raw(307, b"", Location=where)]
        with pytest.raises(SourceUnreachable, match="not followed"):
            client.get_json("/users")
    assert not server.seen


def test_an_issuer_in_trouble_is_asked_again(
    server: Script, issuer: Script, client: HttpClient, time: StillTime
) -> None:
    issuer.answers = [answer({}, 503), token("first")]
    client.get_json("/users")
    assert time.slept == [1.0]


def test_no_log_holds_a_token(
    server: Script, issuer: Script, client: HttpClient, caplog: pytest.LogCaptureFixture
) -> None:
    issuer.answers = [token("canary-token")]
    with caplog.at_level(logging.DEBUG):
        client.get_json("/users")
    assert "/v1p2/users" in caplog.text
    assert "canary" not in caplog.text
