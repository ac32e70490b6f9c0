"""Overrides and exclusions: from the policy, and from a file with a bad line in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.accounts.looking import account, told
from core.accounts.policies import POLICY, set_policy
from core.scene import Scene
from rollbook.config.account_lists import read_account_list
from rollbook.config.accounts import Accounts, Override
from rollbook.desk.doctor import validate_config
from rollbook.errors import ConfigInvalid
from rollbook.runs.account_rules import lists_of


def test_a_list_and_the_policy_together(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("\ufeffid,username,exclude\n1,chief,\n2,,yes\n3,other,x\n", encoding="utf-8")
    policy = Accounts.model_validate(
        {"overrides": {"1": {"username": "boss"}}, "exclude": ["9"], "file": str(file)}
    )
    overrides, excluded = lists_of(policy)
    assert excluded == {"2", "3", "9"}
    assert overrides == {
        "1": Override(username="boss"),
        "2": Override(),
        "3": Override(username="other"),
    }
    before = policy.revision()
    file.write_text("id,username\n1,other\n", encoding="utf-8")
    assert policy.revision() != before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: the columns are missing"),
        ("name,username\n", "line 1: the columns are name, username"),
        ("id,id\n", "line 1"),
        ("id,username\n1\n", "line 2: 1 cells, the header has 2"),
        ("id,username\n,x\n", "line 2: the id is blank or there twice"),
        ("id,username\n1,x\n1,y\n", "line 3: the id is blank or there twice"),
        ("id,exclude\n1,perhaps\n", "line 2: exclude is neither yes nor no"),
        ("id,username\n1,a b\n", "line 2: username: is not in the form"),
        ('id,username\n1,"x\n', "cannot be read"),
    ],
)
def test_a_bad_list_is_refused_by_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "list.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigInvalid, match=said):
        read_account_list(file)


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_a_list_is_looked_at_before_anything_is_read(accounts_scene: Scene, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    set_policy(accounts_scene, {**POLICY, "file": str(file)})
    with pytest.raises(ConfigInvalid, match="cannot be read: No such file"):
        accounts_scene.sync()
    assert [check.ok for check in validate_config(accounts_scene.desk)] == [True, False]
    file.write_text("id,username,exclude\ns1-01,chief,\ns1-02,,yes\n", encoding="utf-8")
    accounts_scene.sis.users["s1-02"]["familyName"] = "Kim"
    assert told(accounts_scene.sync()) == {"rename": 1}
    assert account(accounts_scene, "s1-01").username == "chief"
    assert account(accounts_scene, "s1-02").username == "gfamilys10236"
