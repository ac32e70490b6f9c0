"""The ways by which notices go out."""

from __future__ import annotations

from rollbook.config.notices_file import NoticesFile

MAIL, CHAT = "mail", "chat"
"""The channels: mail over SMTP, and chats by Apprise."""


def channels(settings: NoticesFile | None) -> tuple[str, ...]:
    """The channels by which notices go out."""
    if settings is None:
        return ()
    return (*([MAIL] if settings.smtp else []), *([CHAT] if settings.apprise else []))
