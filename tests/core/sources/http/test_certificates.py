"""HTTPS with certificates that are good, and with those that are not."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from core.sources.http.scripted_server import Script, answer, raw, running_server
from core.sources.http.still_time import StillTime
from rollbook.config.connections import Bearer, Http
from rollbook.errors import SourceUnreachable
from rollbook.sources.http import HttpClient, open_client

Serve = Callable[[trustme.LeafCert], AbstractContextManager[Script]]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> Path:
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(file)
    return file


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIS_TOKEN", "t")
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def serving(certificate: trustme.LeafCert) -> Iterator[Script]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    with running_server(context) as script:
        yield script


def client(script: Script, ca_bundle: Path | None, time: StillTime) -> HttpClient:
    auth = Bearer(type="bearer", token="env:SIS_TOKEN")
    http = Http(ca_bundle=ca_bundle, timeout_seconds=5)
    return open_client(script.url, auth, http, waiting=time.waiting())


def refusal(script: Script, ca_bundle: Path | None, time: StillTime) -> str:
    with (
        client(script, ca_bundle, time) as asking,
        pytest.raises(SourceUnreachable) as refused,
    ):
        asking.get_json("/users")
    assert not script.seen
    assert time.slept == []
    return refused.value.message


def test_a_private_authority(authority: trustme.CA, bundle: Path, time: StillTime) -> None:
    with serving(authority.issue_cert("127.0.0.1")) as script:
        script.answers = [answer({"users": []})]
        with client(script, bundle, time) as asking:
            assert asking.get_json("/users").json == {"users": []}


def test_without_it_nobody_is_trusted(authority: trustme.CA, time: StillTime) -> None:
    with serving(authority.issue_cert("127.0.0.1")) as script:
        assert "an authority that is not trusted here" in refusal(script, None, time)


def test_another_authority(authority: trustme.CA, tmp_path: Path, time: StillTime) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    with serving(authority.issue_cert("127.0.0.1")) as script:
        assert "certificate" in refusal(script, other, time)


def test_an_expired_certificate(authority: trustme.CA, bundle: Path, time: StillTime) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    expired = authority.issue_cert(
        "127.0.0.1", not_before=yesterday - timedelta(days=9), not_after=yesterday
    )
    with serving(expired) as script:
        assert "the server's certificate has expired" in refusal(script, bundle, time)


def test_a_certificate_of_tomorrow(authority: trustme.CA, bundle: Path, time: StillTime) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    early = authority.issue_cert(
        "127.0.0.1", not_before=tomorrow, not_after=tomorrow + timedelta(days=9)
    )
    with serving(early) as script:
        assert "the server's certificate is not valid yet" in refusal(script, bundle, time)


@pytest.mark.parametrize("name", ["sis.example", "127.0.0.2"])
def test_a_certificate_of_another_host(
    authority: trustme.CA, bundle: Path, time: StillTime, name: str
) -> None:
    with serving(authority.issue_cert(name)) as script:
        assert "the server's certificate belongs to another host" in refusal(script, bundle, time)


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environment_does_not_stand_above_the_districts_authority(
    authority: trustme.CA,
    tmp_path: Path,
    time: StillTime,
    monkeypatch: pytest.MonkeyPatch,
    bundle: Path,
    variable: str,
) -> None:
    intruder = trustme.CA()
    other = tmp_path / "intruder.pem"
    intruder.cert_pem.write_to_path(other)
    monkeypatch.setenv(variable, str(other))
    with serving(intruder.issue_cert("127.0.0.1")) as script:
        assert "certificate" in refusal(script, bundle, time)
    with serving(authority.issue_cert("127.0.0.1")) as script, client(script, bundle, time) as ok:
        ok.get_json("/users")


def test_the_environments_authority_counts_where_the_file_names_none(
    authority: trustme.CA, bundle: Path, time: StillTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    with serving(authority.issue_cert("127.0.0.1")) as script, client(script, None, time) as asking:
        asking.get_json("/users")
        assert len(script.seen) == 1


def test_plain_http_where_https_is_spoken(server: Script, bundle: Path, time: StillTime) -> None:
    script = Script(server.url.replace("http:", "https:"))
    assert "no encrypted connection came about" in refusal(script, bundle, time)


def test_a_redirect_to_http_is_not_followed(
    authority: trustme.CA, bundle: Path, time: StillTime, server: Script
) -> None:
    """Not even where the same host listens there."""
    with serving(authority.issue_cert("127.0.0.1")) as script:
        script.answers = [raw(302, b"", Location=f"{server.url}/users")]
        with client(script, bundle, time) as asking, pytest.raises(SourceUnreachable) as refused:
            asking.get_json("/users")
    assert f"sends on to {server.url} " in refused.value.message
    assert not server.seen


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_a_bundle_that_is_none(time: StillTime, tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "bundle.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(SourceUnreachable, match=r"bundle\.pem holds no certificates"):
        client(Script("https://sis.example"), file, time)
