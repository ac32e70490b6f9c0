"""A district as it is typed: fields from the models, faults by field, added whole or not at all."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import get_args

import pytest

from core.scene import Scene
from core.sources.oneroster_rest.pulled import TOKEN
from rollbook.config.home import find_district
from rollbook.config.sources import CleverApi, OneRosterRest, Source
from rollbook.desk import auditing
from rollbook.desk.district_forms import (
    WHOLE,
    add_typed,
    check_typed,
    fields_for,
    form_of,
    may_be_shown,
    problems_with,
    proposed_id,
)
from rollbook.desk.source_forms import FieldSort, source_forms
from rollbook.errors import ConfigInvalid
from servers.keys import bearer
from servers.oneroster_app import BASES, oneroster_app, served
from servers.running import serving
from servers.served_sis import tables

LITERAL = "hunter2-hunter2"
REST = {
    "id": "south",
    "name": "South USD",
    "source.type": "oneroster-rest",
    "source.url": "https://sis.example.org/ims/oneroster/v1p1",
    "source.auth.type": "bearer",
    "source.auth.token": "env:ROLLBOOK_TEST_TOKEN",
}


def test_every_type_of_source_has_a_form_and_every_field_a_help() -> None:
    models, _ = get_args(Source)
    tags = [get_args(model)[1].tag for model in get_args(models)]
    assert [form.type for form in source_forms()] == tags
    for form in source_forms():
        assert form.about.endswith(".")
        needed = [field.needed for field in form.fields]
        assert needed == sorted(needed, reverse=True), "what is needed comes first"
        for field in form.fields:
            assert field.about, (form.type, field.key)
            assert "``" not in field.about
            if field.sort is FieldSort.SECRET:
                assert "keyring:SERVICE/NAME" in field.about


def test_secrets_are_told_from_other_fields() -> None:
    secrets = {f.key for f in form_of("oneroster-rest").fields if f.sort is FieldSort.SECRET}
    assert secrets == {
        *("auth.key", "auth.secret", "auth.client_id", "auth.client_secret", "auth.token"),
    }
    assert {f.key for f in form_of("oneroster-csv").fields if f.sort is FieldSort.SECRET} == {
        *("sftp.password", "sftp.key", "sftp.passphrase"),
    }


def test_only_the_fields_that_belong_are_asked_for() -> None:
    def keys(**typed: str) -> set[str]:
        return {field.key for field in fields_for({**REST, **typed})}

    assert "auth.token" in keys()
    assert "auth.secret" not in keys()
    assert "auth.secret" in keys(**{"source.auth.type": "oauth1"})
    assert "auth.secret" in keys(**{"source.auth.type": ""}), "the first is the default"
    folder = {"source.type": "oneroster-csv", "source.path": "/srv"}
    assert "sftp.password" not in keys(**folder)
    assert "sftp.password" in keys(**folder | {"source.path": "sftp://sis@example.org/out"})


def test_what_a_service_is_asked_for_comes_before_how_often() -> None:
    for name in ("oneroster-rest", "clever-api"):
        found = [f.key for f in form_of(name).fields if not f.needed and "." not in f.key]
        assert found[-2:] == ["changes_only", "whole_every_days"]
    [often] = [f for f in form_of("clever-api").fields if f.key == "whole_every_days"]
    assert "how often it is asked for everything" in often.about


def test_a_server_without_a_login_is_mended_at_its_password(scene: Scene) -> None:
    typed = {"id": "a", "name": "A", "source.type": "oneroster-csv"}
    server = typed | {"source.path": "sftp://sis@example.org/out"}
    assert problems_with(scene.desk, server).keys() == {"source.sftp.password"}
    assert not problems_with(scene.desk, server | {"source.sftp.password": "env:X"})


def test_an_id_is_proposed() -> None:
    assert proposed_id("Northfield Public Schools") == "northfield-public-schools"
    assert proposed_id("  École N° 3 ") == "ecole-n-3"
    assert proposed_id("学校") == ""
    assert len(proposed_id("a b" * 60)) <= 63


@pytest.mark.parametrize(
    ("reference", "shown"),
    [
        *[(begun, True) for begun in ("", "e", "env", "env:", "env:TOKEN", "file:/etc/x")],
        *[("keyring:svc", True), ("cmd:", True), ("cmd:pass show sis", True)],
        *[(LITERAL, False), ("environment", False), ("env:not a name", False)],
        ("cmd:echo hunter2", False),
    ],
)
def test_what_may_be_the_secret_itself_is_not_shown(reference: str, shown: bool) -> None:
    assert may_be_shown(reference) is shown


def test_faults_are_told_by_field_and_repeat_no_secret(scene: Scene) -> None:
    assert problems_with(scene.desk, REST) == {}
    typed = {
        **REST,
        "id": "Süd",
        "name": " ",
        "timezone": "Mars/Olympus",
        "source.url": "sis.example.org",
        "source.auth.token": LITERAL,
        "source.page_size": "many",
        "source.lists": "orgs, nonsense",
    }
    found = problems_with(scene.desk, typed)
    assert set(found) == {
        *("id", "name", "timezone", "source.url", "source.auth.token", "source.page_size"),
        "source.lists",
    }
    assert found["name"] == "This is needed."
    assert found["source.page_size"] == "Give a whole number."
    assert found["source.auth.token"].startswith("No secret may stand in this file:")
    assert LITERAL not in repr(found)
    with pytest.raises(ConfigInvalid) as refused:
        add_typed(scene.desk, typed)
    assert LITERAL not in str(refused.value)
    assert not list(scene.desk.home.districts.glob("south*"))


def test_an_address_with_a_password_is_refused(scene: Scene) -> None:
    typed = {**REST, "source.url": f"https://anna:{LITERAL}@sis.example.org/v1"}
    assert problems_with(scene.desk, typed) == {
        "source.url": "No password may stand in an address."
    }


def test_what_is_wrong_with_several_fields_together(scene: Scene) -> None:
    typed = {**REST, "source.type": "classlink", "source.tenant": "t1"}
    typed |= {
        "source.auth.type": "oauth1",
        "source.auth.key": "env:K",
        "source.auth.secret": "env:S",
    }
    assert "bearer" in problems_with(scene.desk, typed)[WHOLE]


def test_a_taken_id_is_told_before_anything_is_written(scene: Scene) -> None:
    taken = {**REST, "id": "north"}
    assert problems_with(scene.desk, taken) == {"id": "There is a district of that id already."}
    before = scene.desk.home.district_file("north").read_bytes()
    with pytest.raises(ConfigInvalid):
        add_typed(scene.desk, taken)
    assert scene.desk.home.district_file("north").read_bytes() == before


def test_it_is_added_with_what_was_typed_and_nothing_else(scene: Scene) -> None:
    typed = {**REST, "timezone": "America/Denver", "source.metadata": "grade, house"}
    typed |= {"source.sort": "yes", "source.page_size": "1000", "source.http.timeout_seconds": "20"}
    summary = add_typed(scene.desk, typed)
    assert (summary.id, summary.timezone) == ("south", "America/Denver")
    source = find_district(scene.desk.home, "south").source
    assert isinstance(source, OneRosterRest)
    assert source.metadata == ("grade", "house")
    assert source.sort
    assert source.http.timeout_seconds == 20
    written = tomllib.loads(scene.desk.home.district_file("south").read_text())
    assert "page_size" not in written["source"], "a default stays a default"
    assert written["source"]["auth"] == {"type": "bearer", "token": "env:ROLLBOOK_TEST_TOKEN"}
    assert auditing.audit(scene.desk)[0].event == "district.added"


def test_a_type_of_one_login_needs_no_choice_of_it(scene: Scene) -> None:
    clever = {"id": "east", "name": "East", "source.type": "clever-api"}
    assert problems_with(scene.desk, clever) == {"source.auth.token": "This is needed."}
    add_typed(scene.desk, {**clever, "source.auth.token": "keyring:clever/east"})
    assert isinstance(find_district(scene.desk.home, "east").source, CleverApi)


def test_files_are_checked_before_they_are_added(scene: Scene) -> None:
    typed = {"id": "west", "name": "West", "source.type": "oneroster-csv"}
    checks = list(check_typed(scene.desk, {**typed, "source.path": str(scene.drop)}))
    assert all(check.ok for check in checks)
    assert checks[0].name == "source"
    with pytest.raises(ConfigInvalid):
        list(check_typed(scene.desk, typed))
    assert not scene.desk.home.district_file("west").exists()


def test_a_service_is_checked_before_it_is_added(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLBOOK_TEST_TOKEN", TOKEN)
    north = served(tables(scene.sis, tmp_path / "set", "1.1"), "1.1")
    with serving(oneroster_app(north, bearer(TOKEN))) as address:
        typed = {**REST, "source.url": f"{address}{BASES['1.1']}"}
        checks = {check.name: check for check in check_typed(scene.desk, typed)}
    assert checks["users"].ok
    assert "126 in all" in checks["users"].detail


def test_a_check_of_files_tells_their_findings(scene: Scene) -> None:
    users = scene.drop / "users.csv"
    lines = users.read_text(encoding="utf-8").splitlines()
    users.write_text("\n".join([*lines[:3], "broken", *lines[3:]]) + "\n", encoding="utf-8")
    typed = {"source.type": "oneroster-csv", "source.path": str(scene.drop)}
    *_, last = check_typed(scene.desk, typed)
    assert not last.ok
    assert ("users.csv", 4) in {(found.file, found.line) for found in last.findings}
