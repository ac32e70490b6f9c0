"""A secret in memory shows itself to nobody."""

import copy
import json
import logging
import pickle
from dataclasses import asdict, dataclass

import pytest
from pydantic import BaseModel, ValidationError

from rollbook.config.secrets import Secret

CANARY = "hunter2-canary"


@dataclass(frozen=True)
class Holder:
    secret: Secret


class Model(BaseModel):
    secret: Secret


def test_it_is_covered_wherever_it_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(CANARY)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("test").error("with %s and %r", secret, secret)
    model = Model(secret=secret)
    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret:>40}",
        f"{secret!r}",
        "%s" % secret,  # noqa: UP031
        repr([secret]),
        repr(Holder(secret)),
        repr(asdict(Holder(secret))),
        repr(model),
        repr(model.model_dump()),
        model.model_dump_json(),
        json.dumps({"secret": secret}, default=str),
        repr(copy.copy(secret)),
        repr(copy.deepcopy(Holder(secret))),
        caplog.text,
    ]
    assert all("Secret(…)" in text or "Secret(\\u2026)" in text for text in shown)
    assert not any(CANARY in text for text in shown)
    assert not hasattr(secret, "__dict__")


def test_it_is_not_written_down() -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="not written down"):
            pickle.dumps(Secret(CANARY), protocol)


def test_a_model_takes_no_text_for_it() -> None:
    with pytest.raises(ValidationError):
        Model.model_validate({"secret": CANARY})


def test_it_is_revealed_to_who_asks_and_compared_by_what_it_is() -> None:
    assert Secret(CANARY).reveal() == CANARY
    assert copy.deepcopy(Secret(CANARY)).reveal() == CANARY
    assert Secret(CANARY) == Secret(CANARY)
    assert Secret(CANARY) != Secret("another")
    assert Secret(CANARY) != CANARY
