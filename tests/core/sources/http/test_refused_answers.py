"""Answers that are none: nothing of them is taken for data."""

import gzip

import pytest

from core.sources.http.conftest import TOKEN
from core.sources.http.scripted_server import Script, answer, raw
from core.sources.http.still_time import StillTime
from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.sources.http import HttpClient, body
from rollbook.sources.http.waiting import MAX_TRIES


def refusal(client: HttpClient) -> InputRefused:
    with pytest.raises(InputRefused) as refused:
        client.get_json("/users", {"limit": 5})
    assert refused.value.file == "GET /users?limit=5"
    assert refused.value.remedy
    return refused.value


@pytest.mark.parametrize(
    "response",
    [
        raw(200, b"<!DOCTYPE html><title>Log in</title>", Content_Type="text/html"),
        raw(200, b"\r\n <html>", Content_Type="application/json"),
        raw(200, b"\xef\xbb\xbf<html>", Content_Type="application/json"),
        raw(200, b'{"users": []}', Content_Type="text/html; charset=utf-8"),
    ],
)
def test_a_page_to_log_in(server: Script, client: HttpClient, response: bytes) -> None:
    server.answers = [response]
    refused = refusal(client)
    assert refused.code == "http-not-json"
    assert "web page" in refused.message
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"sourcedId,status\r\n1,active\r\n", "no JSON"),
        (b'{"a": NaN}', "no JSON"),
        (b'{"a": 1}{"b": 2}', "no JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "no JSON"),
        (b'{"a": "\xff"}', "no JSON"),
        (b'{"a": "\\ud83d"}', "no JSON"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b'"a text"', "single value"),
        (b"null", "single value"),
    ],
)
def test_what_is_no_json(server: Script, client: HttpClient, content: bytes, words: str) -> None:
    server.answers = [raw(200, content, Content_Type="application/json")]
    refused = refusal(client)
    assert refused.code == "http-not-json"
    assert words in refused.message
    assert len(server.seen) == 1


def test_a_whole_character_beyond_the_first_plane(server: Script, client: HttpClient) -> None:
    server.answers = [raw(200, b'{"a": "\\ud83d\\ude00"}')]
    assert client.get_json("/users").json == {"a": "😀"}


WHOLE = b'{"users": [{"sourcedId": "1", "givenName": "Ann", "active": true}]}'

CUT = {
    "length": raw(200, WHOLE[:30], Content_Length=str(len(WHOLE)), Connection="close"),
    "chunk": raw(200, b"40\r\n" + WHOLE[:30], Transfer_Encoding="chunked", Connection="close"),
    "no last chunk": raw(
        200,
        b"%x\r\n%b\r\n" % (len(WHOLE), WHOLE),
        Transfer_Encoding="chunked",
        Connection="close",
    ),
    "gzip": raw(200, gzip.compress(WHOLE)[:40], Content_Encoding="gzip"),
    "damaged gzip": raw(200, b"\x1f\x8b\x08\x00" + b"\xff" * 60, Content_Encoding="gzip"),
    "empty": raw(200, b""),
    **{f"after {end} bytes": raw(200, WHOLE[:end]) for end in (1, 12, 24, 30, 45, 62, 66)},
}


@pytest.mark.parametrize("how", CUT)
def test_a_body_that_breaks_off(
    server: Script, client: HttpClient, time: StillTime, how: str
) -> None:
    server.answers = [CUT[how]]
    assert refusal(client).code == "http-cut-short"
    assert len(server.seen) == MAX_TRIES
    assert len(time.slept) == MAX_TRIES - 1


@pytest.mark.parametrize("how", CUT)
def test_it_is_whole_the_next_time(server: Script, client: HttpClient, how: str) -> None:
    server.answers = [CUT[how], raw(200, WHOLE)]
    assert client.get_json("/users").json["users"][0]["sourcedId"] == "1"


def test_a_body_that_unpacks_to_too_much(
    server: Script, client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = body.read_body
    monkeypatch.setattr(
        "rollbook.sources.http.exchange.read_body",
        lambda response, *, in_time, limit=1 << 20: read(response, in_time=in_time, limit=limit),
    )
    bomb = gzip.compress(b" " * (16 << 20) + b"{}")
    assert len(bomb) < 1 << 15
    server.answers = [raw(200, bomb, Content_Encoding="gzip")]
    assert refusal(client).code == "http-too-large"
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "did not understand"),
        (401, "does not accept the credentials"),
        (403, "does not let these credentials"),
        (413, "does not give so much at once"),
        (418, "answered what nobody expected"),
        (422, "did not understand"),
    ],
)
def test_a_status_that_stays(server: Script, client: HttpClient, status: int, words: str) -> None:
    server.answers = [answer({"error": {"message": "so it is"}}, status)]
    with pytest.raises(SourceUnreachable, match=words) as refused:
        client.get_json("/users")
    assert f"GET /users: the server {words}" in refused.value.message
    assert f'(status {status}): "so it is".' in refused.value.message
    assert refused.value.remedy
    assert ("page_size" in refused.value.remedy) == (status in (400, 413, 422))
    assert len(server.seen) == 1


def test_clocks_that_are_apart_are_told(server: Script, client: HttpClient) -> None:
    late = "Sun, 22 Nov 2026 03:12:00 GMT"
    server.answers = [answer({}, 401, Date=late)]
    with pytest.raises(SourceUnreachable, match="clocks are 12 minutes apart"):
        client.get_json("/users")


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"imsx_description": "bad\nfilter"}, ': "bad filter"'),
        ({"error": "invalid_client", "error_description": "no such client"}, '"no such client"'),
        ({"errors": [{"detail": "server is busy"}]}, '"server is busy"'),
        ({"message": f"token {TOKEN} is bad"}, '"token … is bad"'),
        ({"message": "user 'Ann Doe' (ann@example.org) is odd"}, '"user … … is odd"'),
        ({"message": "x" * 500}, f'"{"x" * 199}…"'),
        ({"users": [{"givenName": "Ann"}]}, "(status 403)."),
        ({"message": {"givenName": "Ann"}}, "(status 403)."),
        ([], "(status 403)."),
    ],
)
def test_what_the_server_said(
    server: Script, client: HttpClient, document: object, told: str
) -> None:
    server.answers = [answer(document, 403)]
    with pytest.raises(SourceUnreachable) as refused:
        client.get_json("/users")
    assert told in refused.value.message
    assert "Ann" not in str(refused.value)
    assert TOKEN not in str(refused.value)


def test_a_page_about_an_error_is_not_repeated(server: Script, client: HttpClient) -> None:
    server.answers = [raw(403, b"<h1>Ann Doe may not</h1>", Content_Type="text/html")]
    with pytest.raises(SourceUnreachable) as refused:
        client.get_json("/users")
    assert "(status 403)." in refused.value.message
