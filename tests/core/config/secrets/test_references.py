"""What may stand in a district's file where a secret is wanted."""

import pytest
from pydantic import BaseModel, ValidationError

from rollbook.config.secrets import SecretReference

CANARY = "hunter2-canary"


class Table(BaseModel):
    password: SecretReference


@pytest.mark.parametrize(
    "reference",
    [
        "env:SIS_PASSWORD",
        "file:/run/credentials/sis",
        "file:sis-password",
        "keyring:rollbook/northfield sis",
        "cmd:sops -d --extract '[\"sis\"]' secrets.yaml",
    ],
)
def test_a_reference_is_kept_as_it_is(reference: str) -> None:
    assert Table(password=reference).model_dump() == {"password": reference}


@pytest.mark.parametrize(
    "literal",
    [
        CANARY,
        f"env:{CANARY}",
        f"password:{CANARY}",
        f"ENV:{CANARY}",
        f"keyring:{CANARY}",
        f"cmd:echo {CANARY}",
        f"cmd:/usr/bin/printf %s {CANARY}",
        f"cmd:pass '{CANARY}",
        "cmd:",
        "file:",
        "",
    ],
)
def test_a_secret_itself_is_refused_and_not_repeated(literal: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Table(password=literal)
    [problem] = refused.value.errors()
    assert "secret" in problem["msg"] or "cmd:" in problem["msg"]
    assert CANARY not in problem["msg"]
