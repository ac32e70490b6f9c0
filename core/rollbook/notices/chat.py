"""Sending notices to chats and whatever else Apprise knows."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from rollbook.config.secrets.resolve import resolve
from rollbook.notices.outcomes import NotSent
from rollbook.notices.templates import Words


def send(references: Sequence[str], words: Words) -> None:
    """Send to all addresses. Raises ``NotSent`` where not all took it, and ``SourceUnreachable``
    where an address cannot be found.

    Where one of several has failed, the others get it twice.
    """
    try:
        import apprise
    except ImportError:
        raise NotSent(
            "Apprise is not installed here: pip install 'rollbook[notify]'", for_good=False
        ) from None
    # What it logs has addresses in it.
    logging.getLogger("apprise").disabled = True
    chats = apprise.Apprise()
    for number, reference in enumerate(references, 1):
        address = resolve(reference, purpose=f"address of chat {number}")
        if not chats.add(address.reveal()):
            raise NotSent(f"Apprise does not know the address of chat {number}", for_good=False)
    text = apprise.NotifyFormat.TEXT
    if not chats.notify(title=words.subject, body=words.text, body_format=text):
        raise NotSent("not every chat took it", for_good=False)
