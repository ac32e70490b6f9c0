"""A OneRoster server that answers from memory, so that it costs next to nothing itself.

    python -m bench.page_server SET

serves a OneRoster 1.1 set, prints its address, and ends when its standard input does. A page is
made when it is first asked for; the same question gets the same bytes from then on.
"""

from __future__ import annotations

import sys
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servers.keys import bearer
from servers.oneroster_app import BASES, oneroster_app, served
from servers.roster_tables import tables_of
from servers.running import serving

from .page_token import TOKEN


class FromMemory:
    """Keeps what the application answers, by the whole question."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application
        self._answers: dict[bytes, list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application did before, or ask it."""
        question = scope["raw_path"] + b"?" + scope["query_string"]
        if question not in self._answers:
            messages: list[Message] = []

            async def keep(message: Message) -> None:
                messages.append(message)

            await self._application(scope, receive, keep)
            self._answers[question] = messages
        for message in self._answers[question]:
            await send(message)


def main() -> None:
    """The command."""
    district = served(tables_of(Path(sys.argv[1])), "1.1")
    with serving(FromMemory(oneroster_app(district, bearer(TOKEN)))) as address:
        print(f"{address}{BASES['1.1']}", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
