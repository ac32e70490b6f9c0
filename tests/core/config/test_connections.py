"""The tables of a district's file about connections."""

import pytest
from pydantic import TypeAdapter, ValidationError

from rollbook.config.connections import Authentication, Http, OAuth2, Sftp, WebAddress

CANARY = "hunter2-canary"
FINGERPRINT = "SHA256:" + "a" * 43

AUTHENTICATION: TypeAdapter[Authentication] = TypeAdapter(Authentication)


@pytest.mark.parametrize(
    "table",
    [
        {"type": "bearer", "token": CANARY},
        {"type": "oauth1", "key": "env:KEY", "secret": CANARY},
        {"type": "oauth2", "token_url": "https://h/t", "client_id": CANARY, "client_secret": "x"},
        *(
            {"type": "oauth2", "token_url": url, "client_id": "env:A", "client_secret": "env:B"}
            for url in (
                f"https://me:{CANARY}@h/t",
                f"https://{CANARY}@h/t",
                f"https://h?a={CANARY}",
            )
        ),
        {"type": "bearer", "token": "env:T", CANARY: "x"},
        {"type": "bearer", "token": {"value": CANARY}},
    ],
)
def test_no_error_repeats_a_secret_of_the_file(table: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        AUTHENTICATION.validate_python(table)
    assert CANARY not in " ".join(problem["msg"] for problem in refused.value.errors())


def test_the_address_of_a_service_names_nobody() -> None:
    addresses: TypeAdapter[str] = TypeAdapter(WebAddress)
    assert addresses.validate_python("https://sis.example:8443/ims/oneroster/v1p1/~x@y")
    with pytest.raises(ValidationError, match="no user and no password"):
        addresses.validate_python(f"https://me:{CANARY}@sis.example/ims")


def test_what_is_kept_is_where_the_secret_is() -> None:
    table = {
        "type": "oauth2",
        "token_url": "https://sis.example/token",
        "client_id": "env:SIS_ID",
        "client_secret": "file:/run/secrets/sis",
    }
    found = AUTHENTICATION.validate_python(table)
    assert isinstance(found, OAuth2)
    assert found.model_dump(mode="json", exclude_defaults=True) == table


@pytest.mark.parametrize(
    "table",
    [
        {"timeout_seconds": 0},
        {"requests_per_minute": 0},
        {"plain_http": True},
        {"plain_http": "yes"},
        {"verify": False},
        {"max_wait_minutes": 100_000},
    ],
)
def test_http_has_bounds_and_no_way_round_certificates(table: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Http.model_validate(table)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({}, "either a password or a key"),
        ({"password": "env:P", "key": "file:/k"}, "either a password or a key"),
        ({"password": "env:P", "passphrase": "env:Q"}, "belongs to a key"),
        ({"password": CANARY}, "no secret may stand in this file"),
        ({"password": "env:P", "host_keys": ["MD5:aa:bb"]}, "SHA256"),
        ({"password": "env:P", "host_keys": [FINGERPRINT + "="]}, "SHA256"),
        ({"password": "env:P", "marker": "a/b"}, "name of a file"),
        ({"password": "env:P", "marker": ".."}, "name of a file"),
    ],
)
def test_sftp_tables_that_make_no_sense(table: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words) as refused:
        Sftp.model_validate(table)
    assert CANARY not in str(refused.value)


def test_an_sftp_table() -> None:
    table = {"key": "file:/k", "passphrase": "env:P", "host_keys": [FINGERPRINT], "marker": "done"}
    assert Sftp.model_validate(table).host_keys == (FINGERPRINT,)
