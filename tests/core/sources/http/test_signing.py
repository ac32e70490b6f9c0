"""OAuth 1.0a and bearer tokens, checked against RFC 5849 by other means than they are made."""

import base64
import hashlib
import hmac
import logging
import re
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote

import pytest

from core.sources.http.scripted_server import Script, Seen, answer
from core.sources.http.still_time import StillTime
from rollbook.config.connections import Bearer, Http, OAuth1
from rollbook.errors import SourceUnreachable
from rollbook.sources.http import HttpClient, open_client

KEY, SECRET = "consumer-4711", "canary&secret/with=signs"


def signed(
    script: Script, time: StillTime, monkeypatch: pytest.MonkeyPatch, how: str
) -> HttpClient:
    monkeypatch.setenv("SIS_KEY", KEY)
    monkeypatch.setenv("SIS_SECRET", SECRET)
    auth = OAuth1.model_validate(
        {"type": "oauth1", "key": "env:SIS_KEY", "secret": "env:SIS_SECRET", "signature": how}
    )
    return open_client(f"{script.url}/v1", auth, Http(), waiting=time.waiting())


def fields(seen: Seen) -> dict[str, str]:
    scheme, _, rest = seen.headers["Authorization"].partition(" ")
    assert scheme == "OAuth"
    return {name: unquote(value) for name, value in re.findall(r'(\w+)="([^"]*)"', rest)}


def signature(script: Script, seen: Seen, digest: str) -> str:
    """As RFC 5849, 3.4 builds it."""
    path, _, query = seen.target.partition("?")
    pairs = [(name, value) for name, value in fields(seen).items() if name != "oauth_signature"]
    pairs += parse_qsl(query, keep_blank_values=True)

    def escaped(text: str) -> str:
        return quote(text, safe="-._~")

    normal = "&".join(f"{n}={v}" for n, v in sorted((escaped(n), escaped(v)) for n, v in pairs))
    base = "&".join(escaped(part) for part in ("GET", f"{script.url}{path}", normal))
    made = hmac.new(f"{escaped(SECRET)}&".encode(), base.encode(), digest)
    return base64.b64encode(made.digest()).decode()


@pytest.mark.parametrize(("how", "digest"), [("HMAC-SHA1", "sha1"), ("HMAC-SHA256", "sha256")])
def test_every_parameter_is_signed(
    server: Script, time: StillTime, monkeypatch: pytest.MonkeyPatch, how: str, digest: str
) -> None:
    assert digest in hashlib.algorithms_guaranteed
    with signed(server, time, monkeypatch, how) as client:
        client.get_json(
            "/users",
            {
                "limit": 100,
                "offset": 0,
                "filter": "status='active' AND familyName='Müller+Söhne & Co'",
                "empty": "",
            },
        )
        client.get_json("/orgs")
    for seen in server.seen:
        assert fields(seen)["oauth_signature_method"] == how
        assert fields(seen)["oauth_consumer_key"] == KEY
        assert fields(seen)["oauth_signature"] == signature(server, seen, digest)


def test_each_try_has_a_nonce_of_its_own(
    server: Script, time: StillTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers = [answer({}, 500), answer({}, 429), answer({}, 503), answer({})]
    with signed(server, time, monkeypatch, "HMAC-SHA256") as client:
        client.get_json("/users")
    assert len({fields(seen)["oauth_nonce"] for seen in server.seen}) == 4
    for seen in server.seen:
        assert fields(seen)["oauth_signature"] == signature(server, seen, "sha256")


def test_a_link_is_signed_with_its_parameters(
    server: Script, time: StillTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with signed(server, time, monkeypatch, "HMAC-SHA1") as client:
        client.follow(client.get_json("/users"), "/v1/users?offset=100&limit=100&a=%27x%27")
    seen = server.seen[-1]
    assert fields(seen)["oauth_signature"] == signature(server, seen, "sha1")


def test_a_signature_that_was_refused_is_not_repeated(
    server: Script, time: StillTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers = [answer({"message": f"{SECRET} {quote(SECRET, safe='')} {KEY}"}, 401)]
    with (
        signed(server, time, monkeypatch, "HMAC-SHA1") as client,
        pytest.raises(SourceUnreachable, match="does not accept the credentials") as refused,
    ):
        client.get_json("/users")
    assert len(server.seen) == 1
    assert '"… … …"' in refused.value.message


def test_no_log_holds_key_or_secret(
    server: Script,
    time: StillTime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with (
        caplog.at_level(logging.DEBUG),
        signed(server, time, monkeypatch, "HMAC-SHA256") as client,
    ):
        client.get_json("/users", {"limit": 5})
        fields(server.seen[0])
    assert "/v1/users" in caplog.text
    assert KEY not in caplog.text
    assert "canary" not in caplog.text


def bearer(script: Script, file: Path, time: StillTime) -> HttpClient:
    auth = Bearer(type="bearer", token=f"file:{file}")
    return open_client(script.url, auth, Http(), waiting=time.waiting())


@pytest.fixture
def token(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text("first-token")
    file.chmod(0o600)
    return file


def test_a_token_that_was_replaced_is_read_again(
    server: Script, time: StillTime, token: Path
) -> None:
    with bearer(server, token, time) as client:
        client.get_json("/users")
        token.write_text("second-token")
        client.get_json("/users")
        server.answers = [answer({}, 401), answer({"users": []})]
        assert client.get_json("/users").json == {"users": []}
    sent = [seen.headers["Authorization"] for seen in server.seen]
    assert sent == [f"Bearer {n}-token" for n in ("first", "first", "first", "second")]


def test_a_token_that_stayed_is_not_sent_again(
    server: Script, time: StillTime, token: Path
) -> None:
    server.answers = [answer({}, 401)]
    with (
        bearer(server, token, time) as client,
        pytest.raises(SourceUnreachable, match="does not accept"),
    ):
        client.get_json("/users")
    assert len(server.seen) == 1


def test_a_new_token_is_tried_once(server: Script, time: StillTime, token: Path) -> None:
    server.answers = [answer({}, 401)]
    with bearer(server, token, time) as client:
        with pytest.raises(SourceUnreachable):
            client.get_json("/users")
        token.write_text("second-token")
        with pytest.raises(SourceUnreachable):
            client.get_json("/users")
    assert len(server.seen) == 3


@pytest.mark.parametrize("text", ["canary\nX-Other: b", "canary token", "canäry", "canary\x00"])
def test_what_no_token_can_be_is_not_repeated(
    server: Script, time: StillTime, token: Path, text: str
) -> None:
    token.write_text(text)
    with (
        bearer(server, token, time) as client,
        pytest.raises(SourceUnreachable, match="that no token has") as refused,
    ):
        client.get_json("/users")
    assert "can" not in str(refused.value)
    assert not server.seen


def test_the_environment_signs_nothing(
    server: Script,
    time: StillTime,
    token: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password canary\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with bearer(server, token, time) as client:
        client.get_json("/users")
    assert server.seen[0].headers["Authorization"] == "Bearer first-token"


def test_a_missing_secret_is_told_before_anything_is_sent(server: Script, tmp_path: Path) -> None:
    auth = OAuth1(type="oauth1", key="env:NO_SUCH_KEY", secret="env:NO_SUCH_SECRET")
    with pytest.raises(SourceUnreachable, match=r"consumer key was not found: .* no NO_SUCH_KEY"):
        open_client(server.url, auth, Http())
    assert not server.seen
