"""The ``Link`` header, as RFC 8288 has it."""

from __future__ import annotations

from rollbook.sources.http.client import Answer


def next_link(answer: Answer) -> str | None:
    """Where the next page is, by the header of this one; ``None`` where it names none."""
    from requests.utils import parse_header_links

    for link in parse_header_links(answer.headers.get("Link", "")):
        if "next" in link.get("rel", "").lower().split():
            return link.get("url")
    return None
