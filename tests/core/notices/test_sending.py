"""A notice arrives, though the server may be down, busy or refuse; and nobody writes its head."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.notices.conftest import TO, Told, on_sqlite, write_settings
from core.notices.test_telling import DIGEST, hold_students, text
from core.scene import NORTH, Scene
from core.service.served import served
from rollbook.desk import noticing
from rollbook.desk.doctor import doctor
from rollbook.desk.notice_views import NoticeState
from rollbook.desk.services import serving
from rollbook.errors import ConfigInvalid
from rollbook.notices.outcomes import MOST_TRIES
from servers.mail_server import PASSWORD, USER, Mailbox

MINUTE = timedelta(minutes=1)


@on_sqlite
def test_it_logs_in_over_tls_and_the_same_notice_has_the_same_id(told: Told) -> None:
    hold_students(told)
    [mail] = told.soon()
    assert told.mailbox.logins == [USER]
    [row] = told.rows()
    assert (row.event, row.channel, row.state, row.tries) == ("hold", "mail", NoticeState.SENT, 1)
    assert mail["Message-ID"].endswith("@north.example.org>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"] == "rollbook <rollbook@north.example.org>"


@on_sqlite
def test_a_server_that_is_down_is_tried_again_and_again(told: Told) -> None:
    home = told.scene.desk.home.root
    settings = (home / "notices.toml").read_text(encoding="utf-8")
    nowhere = settings.replace(f"port = {told.mailbox.port}", "port = 1")
    (home / "notices.toml").write_text(nowhere, encoding="utf-8")
    hold_students(told)
    told.soon()
    [row] = told.rows()
    assert (row.state, row.tries) == (NoticeState.PENDING, 1)
    assert "could not be reached: Connection refused" in row.message
    assert row.next_at is not None
    start = row.next_at
    told.at(start - MINUTE / 2)
    assert told.rows()[0].tries == 1, "not before its time"
    told.it.through(start + 36 * MINUTE)
    assert told.rows()[0].tries == 6, "after 1, 2, 4, 8 and 16 minutes"
    (home / "notices.toml").write_text(settings, encoding="utf-8")
    told.it.through(start + 75 * MINUTE)
    assert len(told.mailbox.mails) == 1
    assert told.rows()[0].state is NoticeState.SENT


@on_sqlite
def test_it_is_given_up_in_the_end_and_the_doctor_says_so(told: Told) -> None:
    told.mailbox.on_data = "451 come back later"
    hold_students(told)
    told.soon()
    while (row := told.rows()[0]).state is NoticeState.PENDING:
        assert row.next_at is not None
        told.at(row.next_at)
    assert (row.state, row.tries) == (NoticeState.DEAD, MOST_TRIES)
    assert row.message == "the server answered 451 (SMTPDataError)"
    assert told.mailbox.mails == []
    [check] = [check for check in doctor(told.scene.desk) if check.name == "notices"]
    assert check.detail == "1 notices of the last 7 days were given up"


@on_sqlite
@pytest.mark.parametrize(
    ("on_data", "on_recipient", "state", "message"),
    [
        ("554 never", {}, NoticeState.DEAD, "the server answered 554 (SMTPDataError)"),
        ("", {TO: "550 who?"}, NoticeState.PENDING, "1 of 2"),
        ("", {TO: "550 who?", "b@x.org": "553 who?"}, NoticeState.DEAD, "every address"),
        ("", {TO: "550 who?", "b@x.org": "450 later"}, NoticeState.PENDING, "every address"),
    ],
)
def test_what_the_server_refuses(
    told: Told, on_data: str, on_recipient: dict[str, str], state: NoticeState, message: str
) -> None:
    told.scene.configure(notices={"to": (TO, "b@x.org")})
    told.mailbox.on_data, told.mailbox.on_recipient = on_data, on_recipient
    hold_students(told)
    told.soon()
    [row] = told.rows()
    assert message in row.message
    if message == "1 of 2":
        assert row.state is NoticeState.SENT
        assert told.mailbox.envelopes[0].rcpt_tos == ["b@x.org"]
    else:
        assert row.state is state
    assert "who?" not in row.message, "what a server says is anybody's"


@on_sqlite
def test_a_wrong_password_and_a_strange_certificate_are_told(told: Told, tmp_path: object) -> None:
    home = told.scene.desk.home.root
    (home / "mail-password").write_text("wrong", encoding="utf-8")
    hold_students(told)
    told.soon()
    assert "535" in told.rows()[0].message
    settings = home / "notices.toml"
    lines = settings.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("ca_bundle")]
    settings.write_text("\n".join(kept), encoding="utf-8")
    told.at(told.scene.clock.now + 2 * MINUTE)
    assert "certificate does not hold" in told.rows()[0].message
    assert PASSWORD not in str(told.rows())


@on_sqlite
def test_a_districts_name_cannot_write_into_the_head_of_a_mail(told: Told) -> None:
    name = "North\r\nBcc: evil@x.org\r\n\r\n<b>\u202eHi"
    told.scene.configure(name=name)
    hold_students(told)
    [mail] = told.soon()
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("[rollbook] North Bcc: evil@x.org <b> Hi: too many removals")
    assert told.mailbox.envelopes[0].rcpt_tos == [TO]
    assert "\u202e" not in text(mail)


def test_a_mail_that_a_dead_service_was_sending_is_sent_by_another(told: Told) -> None:
    hold_students(told)
    noticing.gather_notices(told.scene.desk)
    from rollbook.directory import outbox

    with serving(told.scene.desk, host="there", pid=2) as dead:
        with told.scene.desk.store.write() as connection:
            now = told.scene.clock()
            assert outbox.claim(connection, dead, now, lambda service: True, 9)
            assert not outbox.claim(connection, "s9", now, lambda service: True, 9)
            assert outbox.claim(connection, dead, now, lambda service: True, 9), "left over"
        assert told.soon() == []
    assert len(told.soon()) == 1
    assert told.rows()[0].tries == 3


@on_sqlite
def test_a_fault_on_the_way_puts_a_notice_off(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    hold_students(told)
    with monkeypatch.context() as broken:
        broken.setattr("rollbook.notices.mail.message", lambda *given, **more: 1 // 0)
        told.soon()
    [row] = told.rows()
    assert (row.state, row.message) == (NoticeState.PENDING, "a fault: ZeroDivisionError")
    assert [type(fault) for fault in told.it.faults] == [ZeroDivisionError]
    assert len(told.at(told.scene.clock.now + 2 * MINUTE)) == 1


@on_sqlite
def test_two_services_tell_it_once(told: Told) -> None:
    hold_students(told)
    with served(told.scene) as other:
        other.at(told.scene.clock.now)
        told.soon()
        other.at(DIGEST)
        told.at(DIGEST)
    assert [row.event for row in told.rows()] == ["hold", "digest"]
    assert len(told.mailbox.mails) == 2


@on_sqlite
def test_settings_that_make_no_sense_lose_nothing_and_are_told_once(told: Told) -> None:
    settings = told.scene.desk.home.root / "notices.toml"
    good = settings.read_text(encoding="utf-8")
    settings.write_text(good.replace("host =", "hose ="), encoding="utf-8")
    hold_students(told)
    for _ in range(3):
        assert told.soon() == []
    [line] = [line for line in told.it.said if "notices" in line]
    assert "smtp.hose: there is no such key" in line
    [check] = noticing.check_notices(told.scene.desk)
    assert not check.ok
    settings.write_text(good, encoding="utf-8")
    assert len(told.soon()) == 1


@on_sqlite
@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('user = "rollbook"\n', "", "user and password go together"),
        ('host = "127.0.0.1"', 'host = "mail.x.org"\nsecurity = "none"', "in clear"),
        ("rollbook@north.example.org", "nobody", "from: is not in the form"),
        ('"file:', '"hunter2', "no secret may stand in this file"),
    ],
)
def test_settings_are_refused_with_the_reason(
    scene: Scene, mailbox: Mailbox, before: str, after: str, said: str
) -> None:
    write_settings(scene.desk.home.root, mailbox)
    settings = scene.desk.home.root / "notices.toml"
    text = settings.read_text(encoding="utf-8")
    assert before in text
    settings.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(ConfigInvalid, match=said) as refused:
        noticing.try_notices(scene.desk)
    assert "hunter2" not in str(refused.value)


@on_sqlite
def test_a_test_goes_out_at_once_and_says_how_it_went(scene: Scene, mailbox: Mailbox) -> None:
    write_settings(scene.desk.home.root, mailbox)
    [check] = noticing.try_notices(scene.desk)
    assert (check.ok, check.detail) == (
        False,
        "nobody is named: use --to, or `to` in notices.toml",
    )
    [check] = noticing.try_notices(scene.desk, "you@example.org")
    assert (check.ok, check.detail) == (True, "sent to you@example.org by 127.0.0.1")
    [mail] = mailbox.mails
    assert "sam tried out" in text(mail)
    with pytest.raises(ConfigInvalid, match="no address"):
        noticing.try_notices(scene.desk, "you@example.org\nBcc: x@x.org")
    mailbox.on_data = "554 no"
    assert not noticing.try_notices(scene.desk, "you@example.org")[0].ok
    assert noticing.notices(scene.desk, NORTH) == ()
