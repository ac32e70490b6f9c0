"""A desk on the store of an older rollbook says what became of it, once, and in the trail."""

from pathlib import Path

from core.directory.older_store import unopened
from rollbook.desk import auditing
from rollbook.desk.desk import open_desk
from rollbook.directory.migrate import run_migrations
from rollbook.directory.store import HEAD, sqlite_url


def test_the_operator_is_told_where_the_old_store_is(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    store = unopened(sqlite_url(tmp_path / "home" / "store.db"))
    with store.write_as_it_is() as connection:
        run_migrations(connection, "0001")
    store.close()
    desk = open_desk(tmp_path / "home", operator="sam")
    copy = tmp_path / "home" / f"store.db.before-{HEAD}"
    assert desk.upgrade_told() == (
        f"The store was upgraded from 0001 to {HEAD}. As it was, it is kept in {copy}."
    )
    [entry] = auditing.audit(desk)
    assert (entry.who, entry.event) == ("sam", "store.upgraded")
    assert entry.body == {"from": "0001", "to": HEAD, "copy": copy.name}
    desk.close()
    again = open_desk(tmp_path / "home")
    assert again.upgrade_told() is None
    assert len(auditing.audit(again)) == 1
    again.close()


def test_a_new_store_is_nothing_to_tell(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "home")
    assert desk.upgrade_told() is None
    desk.close()
