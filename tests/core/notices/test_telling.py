"""People are told once when something begins to wait, then once a day, then that it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from core.notices.conftest import TO, Told, on_sqlite
from core.scene import NORTH, configure_quietly
from core.service.served import TWICE_A_DAY
from rollbook.desk import decisions, history, noticing, schedules, syncing
from rollbook.desk.notice_views import NoticeState
from rollbook.desk.services import serving
from rollbook.desk.views import HoldState
from rollbook.directory import outbox
from rollbook.notices.gathering import MANY

DIGEST = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)
"""Seven in the morning in Chicago, the day after the scene's."""

DAY = timedelta(days=1)


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def hold_students(told: Told, count: int = 6) -> str:
    """A file from which students are missing; the id of the hold."""
    told.scene.sis.drop_students("s1", count)
    [hold] = told.scene.sync().holds
    return hold.id


def notices_ahead(told: Told) -> int:
    """What the preview of the newest run says of notices."""
    [newest] = history.runs(told.scene.desk, NORTH, limit=1)
    return history.run(told.scene.desk, newest.id).consequences["notice"]


def change_a_phone(told: Told) -> None:
    """Another file, which is about the same students still."""
    told.scene.sis.users["s2-05"]["phone"] = str(told.scene.clock.now)
    told.scene.sync()


def test_a_hold_is_told_once_with_its_numbers_and_then_in_the_mornings(told: Told) -> None:
    hold = hold_students(told)
    assert notices_ahead(told) == 1
    [mail] = told.soon()
    assert notices_ahead(told) == 1
    assert mail["To"] == TO
    assert mail["Subject"] == f"[rollbook] North: too many removals, 6 held ({hold})"
    assert "6 of 30 (20.0 %)" in text(mail)
    assert f"rollbook hold show {hold}" in text(mail)
    assert "School 1" in text(mail)
    for hours in (1, 2, 3):
        assert told.at(told.scene.clock.now + timedelta(hours=hours)) == []
    change_a_phone(told)
    assert decisions.hold(told.scene.desk, hold).state is HoldState.SUPERSEDED
    assert notices_ahead(told) == 0
    assert told.soon() == [], "it is the same hold, of a newer file"
    assert told.at(DIGEST - timedelta(minutes=1)) == []
    [digest] = told.at(DIGEST)
    assert digest["Subject"] == "[rollbook] North: 1 thing waits (2026-03-03)"
    assert "R1 too many removals: 6 of 30, School 1" in text(digest)
    assert told.at(DIGEST + timedelta(hours=3)) == []
    assert len(told.at(DIGEST + DAY)) == 1


@on_sqlite
def test_a_digest_waits_for_what_is_older_than_its_night(told: Told) -> None:
    told.at(DIGEST - timedelta(hours=4))
    hold_students(told)
    assert len(told.soon()) == 1
    assert told.at(DIGEST) == [], "everybody has just been told"
    assert len(told.at(DIGEST + DAY)) == 1


@on_sqlite
def test_what_somebody_has_decided_is_over_without_a_word(told: Told) -> None:
    hold = decisions.hold(told.scene.desk, hold_students(told))
    assert len(told.soon()) == 1
    told.scene.approve(hold)
    assert told.soon() == []
    assert told.at(DIGEST) == []
    told.scene.sis.drop_students("s1", 6)
    told.scene.sync()
    assert len(told.soon()) == 1, "another one is news"


@on_sqlite
def test_what_a_newer_file_has_mended_is_told(told: Told) -> None:
    whole = told.scene.sis.copy()
    hold_students(told)
    assert len(told.soon()) == 1
    told.scene.sis.tables = whole.tables
    told.scene.sync()
    [mail] = told.soon()
    assert mail["Subject"] == "[rollbook] North: in order again (north.3)"
    assert told.at(DIGEST) == []


@on_sqlite
def test_a_refused_input_is_told_once_and_that_it_is_over(told: Told) -> None:
    for _ in range(2):
        told.scene.sis.write(told.scene.drop)
        (told.scene.drop / "users.csv").write_bytes(b"")
        told.scene.clock.forward(hours=1)
        syncing.sync(told.scene.desk, NORTH)
        told.soon()
    [mail] = told.mailbox.mails
    assert mail["Subject"] == "[rollbook] North: input refused (north.2)"
    assert "(empty-file)" in text(mail)
    told.scene.sync()
    assert [m["Subject"] for m in told.soon()] == ["[rollbook] North: in order again (north.4)"]


@on_sqlite
def test_a_snoozed_hold_keeps_quiet_also_when_a_newer_file_overtakes_it(told: Told) -> None:
    hold = hold_students(told)
    told.soon()
    decisions.snooze(told.scene.desk, hold, until=DIGEST + DAY + timedelta(hours=1))
    assert told.at(DIGEST) == []
    change_a_phone(told)
    assert told.soon() == []
    assert told.at(DIGEST + DAY) == []
    assert len(told.at(DIGEST + 2 * DAY)) == 1


@on_sqlite
def test_many_holds_at_once_are_one_mail(told: Told) -> None:
    configure_quietly(told.scene, thresholds={"removal_floor": 1, "removal_percent": 1.0})
    for school in ("s1", "s2"):
        for user in (f"{school}-01", f"g-{school}-02", f"t-{school}-1"):
            told.scene.sis.drop_user(user)
    holds = told.scene.sync().holds
    assert len(holds) > MANY
    assert notices_ahead(told) == 1
    [mail] = told.soon()
    assert mail["Subject"] == f"[rollbook] North: {len(holds)} holds"
    assert all(hold.id in text(mail) for hold in holds)
    assert told.soon() == []


def test_a_service_killed_on_the_way_from_a_run_to_its_notices_loses_none(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first of two is in the outbox when it dies; what it had done is undone with it."""

    class Killed(BaseException):
        pass

    def put(*args: Any, **kwargs: Any) -> bool:
        if kwargs["subject"] != holds[0].id:
            raise Killed
        return put_by_now(*args, **kwargs)

    told.soon()
    for school in ("s1", "s2"):
        told.scene.sis.drop_students(school, 6)
    holds = told.scene.sync().holds
    put_by_now = outbox.put
    monkeypatch.setattr(outbox, "put", put)
    with pytest.raises(Killed):
        noticing.gather_notices(told.scene.desk)
    monkeypatch.undo()
    assert told.rows() == []
    assert len(told.soon()) == len(holds) == 2
    assert told.soon() == []


@on_sqlite
def test_a_preview_and_a_district_without_notices_are_nobodys_news(told: Told) -> None:
    told.scene.sis.drop_students("s1", 6)
    assert told.scene.sync(preview=True).holds
    assert told.soon() == []
    told.scene.configure(notices=None)
    assert told.scene.sync().holds
    assert told.soon() == []
    assert told.rows() == []


@on_sqlite
def test_the_first_time_what_waits_is_told_and_nothing_else(told: Told) -> None:
    """The first sync of the scene was held too, and approved before there was a service."""
    assert told.mailbox.mails == []
    hold = hold_students(told)
    with told.scene.desk.store.write() as connection:
        connection.exec_driver_sql("DELETE FROM audit_readers")
    assert [hold in mail["Subject"] for mail in told.soon()] == [True]


@on_sqlite
def test_a_scheduled_run_that_is_given_up_is_told(told: Told) -> None:
    told.scene.configure(schedule=TWICE_A_DAY)
    told.soon()
    noon = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
    for number in range(3):
        told.scene.clock.now = noon + timedelta(minutes=number)
        with serving(told.scene.desk, host="there", pid=2) as dead:
            assert schedules.claim(told.scene.desk, dead, NORTH) is not None
    told.at(noon + timedelta(minutes=10))
    told.soon()
    [mail] = told.mailbox.mails
    assert mail["Subject"] == "[rollbook] North: a scheduled run failed"
    assert "2026-03-02 12:00" in text(mail)
    told.at(noon + timedelta(hours=15))
    assert [m["Subject"] for m in told.soon()] == []
    assert told.mailbox.mails[-1]["Subject"].startswith("[rollbook] North: in order again")


@on_sqlite
def test_no_name_of_a_pupil_is_in_any_of_it(told: Told) -> None:
    sis = told.scene.sis
    for number, user in enumerate(sis.students()):
        sis.users[user] |= {"givenName": f"Canaria{number}", "familyName": "Zwetschge"}
        sis.users[user] |= {"username": f"canaria.{number}", "email": f"canaria{number}@x.example"}
    told.scene.sync()
    told.soon()
    sis.drop_students("s1", 20)
    sis.users["t-s1-1"]["role"] = "administrator"
    told.scene.sync()
    told.soon()
    (told.scene.drop / "users.csv").write_text("sourcedId\nCanaria Zwetschge\n", encoding="utf-8")
    syncing.sync(told.scene.desk, NORTH)
    told.soon()
    told.at(DIGEST)
    assert {row.event for row in told.rows()} == {"hold", "refused", "digest"}
    for mail in told.mailbox.mails:
        everything = mail.as_string().lower()
        assert "canaria" not in everything
        assert "zwetschge" not in everything
    assert "canaria" not in "".join(told.it.said).lower()
    assert {row.state for row in told.rows()} == {NoticeState.SENT}
