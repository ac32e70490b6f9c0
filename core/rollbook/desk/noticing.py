"""Notices: putting into the outbox what people have to be told, sending it, and trying it out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.config.home import load_districts
from rollbook.config.notices import is_address
from rollbook.config.notices_file import NoticesFile, notices_file
from rollbook.desk.desk import Desk
from rollbook.desk.notice_views import NoticeView
from rollbook.desk.services import is_alive
from rollbook.desk.standing import summary
from rollbook.desk.told_districts import readable_district, told_district
from rollbook.desk.views import Check
from rollbook.directory import audit, outbox
from rollbook.directory.outbox import NoticeRow
from rollbook.errors import ConfigInvalid, RollbookError
from rollbook.notices import chat, gathering, mail
from rollbook.notices.channels import CHAT, channels
from rollbook.notices.digests import Silence, digest_instant, put_digest
from rollbook.notices.outcomes import NotSent
from rollbook.notices.sending import deliver
from rollbook.notices.templates import words_of
from rollbook.roster.states import NoticeState

AT_ONCE = 50
"""Notices that are claimed together."""

LATEST_DIGEST = timedelta(hours=6)
"""How late a digest is made by a service that was down; then it is no morning's any more."""

OF_LATE = timedelta(days=7)
"""How long a notice that was given up is worth a word."""


def notices(
    desk: Desk, district_id: str | None = None, *, limit: int = 200
) -> tuple[NoticeView, ...]:
    """The newest notices of one or all districts, newest first."""
    with desk.store.read() as connection:
        return tuple(_view(row) for row in outbox.listed(connection, district_id, limit))


def gather_notices(desk: Desk) -> int:
    """Put into the outbox what has come up since the last time; how many notices.

    Raises ``ConfigInvalid`` where ``notices.toml`` does not make sense: nothing is lost by that.
    """
    with desk.store.read() as connection:
        if not gathering.something_new(connection):
            return 0
    ways = channels(notices_file(desk.home))
    actor = desk.actor()
    with desk.store.write() as connection:
        return gathering.gather(connection, actor.at, _told_about(desk, ways), ways)


def gather_digests(
    desk: Desk, districts: Iterable[District], since: datetime, now: datetime
) -> int:
    """Put into the outbox the digests whose time has come after ``since``; how many notices."""
    ways = channels(notices_file(desk.home))
    desk.actor()
    put = 0
    for district in districts if ways else ():
        due = digest_instant(district, now)
        if due is None or not max(since, now - LATEST_DIGEST) < due <= now:
            continue
        with desk.store.write() as connection:
            silence = _silence(desk, connection, district, now)
            put += put_digest(connection, now, district, due, ways, silence)
    return put


def next_digest(districts: Iterable[District], now: datetime) -> datetime | None:
    """When the next digest of some districts is due today; ``None`` for none any more."""
    instants = (digest_instant(district, now) for district in districts)
    return min((instant for instant in instants if instant and instant > now), default=None)


def next_notice(desk: Desk) -> datetime | None:
    """When the next notice is to be sent."""
    with desk.store.read() as connection:
        return outbox.next_at(connection)


def send_notices(desk: Desk, service: str) -> tuple[NoticeView, ...]:
    """Send what is to be sent now, for a service; what became of each.

    Raises ``ConfigInvalid`` where ``notices.toml`` does not make sense: all of it waits then; and
    after all of them what only a fault explains.
    """
    settings = notices_file(desk.home)
    desk.actor()
    with desk.store.write() as connection:
        alive = is_alive(desk, connection)
        rows = outbox.claim(connection, service, desk.clock(), alive, AT_ONCE)
    done: list[NoticeView] = []
    fault: Exception | None = None
    recipients = _recipients(desk)
    for row, outcome in deliver(rows, settings, desk.home.templates, recipients, desk.clock):
        with desk.store.write() as connection:
            outbox.close(
                connection,
                row,
                outcome.state,
                message=outcome.message,
                sent_at=outcome.sent_at,
                next_at=outcome.next_at,
            )
            done.append(_view(outbox.get(connection, row.id)))
        fault = fault or outcome.fault
    if fault is not None:
        raise fault
    return tuple(done)


def try_notices(desk: Desk, to: str | None = None) -> tuple[Check, ...]:
    """Send a test by each channel, at once and past the outbox; ``to`` instead of whom
    ``notices.toml`` names. Raises ``ConfigInvalid``."""
    actor = desk.actor()
    if to is not None and not is_address(to):
        raise ConfigInvalid(f"{to!r} is no address of mail.")
    settings = notices_file(desk.home)
    if settings is None or not channels(settings):
        raise ConfigInvalid(
            "there is no notices.toml that says how notices are sent.",
            remedy=f"Write {desk.home.root / 'notices.toml'}; docs/service.md has an example.",
        )
    checks = []
    for channel in channels(settings):
        said, good = _tried(desk, settings, channel, actor.who, actor.at, to)
        checks.append(Check(channel, good, said, "" if good else "Mend notices.toml."))
    with desk.store.write() as connection:
        body = {check.name: check.ok for check in checks}
        audit.write(connection, actor, "notices.tried", body=body)
    return tuple(checks)


def check_notices(desk: Desk) -> tuple[Check, ...]:
    """Whether notices can be sent: their settings, their templates, and what was given up."""
    try:
        settings = notices_file(desk.home)
    except ConfigInvalid as error:
        return (Check("notices.toml", False, error.message, error.remedy),)
    wanting = [d.id for d in load_districts(desk.home)[0] if d.notices is not None]
    if settings is None:
        if not wanting:
            return ()
        said = f"{len(wanting)} districts have [notices], and there is no notices.toml"
        return (Check("notices.toml", False, said, "Write one: docs/service.md."),)
    checks = [Check("notices.toml", True, f"by {' and '.join(channels(settings)) or 'nothing'}")]
    with desk.store.read() as connection:
        dead = outbox.count_dead(connection, desk.clock() - OF_LATE)
    if dead:
        said = f"{dead} notices of the last {OF_LATE.days} days were given up"
        checks.append(Check("notices", False, said, "See `rollbook notices`."))
    return tuple(checks)


def _tried(
    desk: Desk, settings: NoticesFile, channel: str, who: str, at: datetime, to: str | None
) -> tuple[str, bool]:
    words = words_of("trial", {"who": who}, desk.home.templates)
    addresses = [to] if to else list(settings.to)
    try:
        if channel == CHAT:
            chat.send(settings.apprise, words)
            return f"sent to {len(settings.apprise)} chats", True
        if not addresses or settings.smtp is None:
            return "nobody is named: use --to, or `to` in notices.toml", False
        key = f"trial/{at.isoformat()}"
        message = mail.message(words, key=key, sender=settings.sender, to=addresses, at=at)
        with mail.connected(settings.smtp, settings.sender) as server:
            said = mail.send(server, message, settings.sender, addresses)
        return said or f"sent to {', '.join(addresses)} by {settings.smtp.host}", True
    except (NotSent, RollbookError) as error:
        return error.message, False


def _told_about(desk: Desk, ways: Sequence[str]) -> Callable[[str], District | None]:
    """Finds a district that anybody is told about."""

    def found(district_id: str) -> District | None:
        return told_district(desk.home, district_id) if ways else None

    return found


def _recipients(desk: Desk) -> Callable[[str | None], Sequence[str]]:
    def found(district_id: str | None) -> Sequence[str]:
        district = readable_district(desk.home, district_id) if district_id else None
        return district.notices.to if district is not None and district.notices else ()

    return found


def _silence(
    desk: Desk, connection: Connection, district: District, now: datetime
) -> Silence | None:
    source = summary(connection, district, now, desk.home.locks).source
    if source is None or not source.overdue or source.expected_by is None:
        return None
    return Silence(source.expected_by)


def _view(row: NoticeRow) -> NoticeView:
    waits = row.state in (NoticeState.PENDING, NoticeState.SENDING)
    return NoticeView(
        id=row.id,
        district=row.district,
        event=row.event,
        subject=row.subject,
        channel=row.channel,
        state=NoticeState(row.state),
        created_at=row.created_at,
        sent_at=row.sent_at,
        next_at=row.next_at if waits else None,
        tries=row.tries,
        message=row.message,
    )
