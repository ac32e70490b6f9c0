"""The time zones that there are, to complete a name that is being typed."""

from __future__ import annotations

from zoneinfo import available_timezones

from textual.suggester import SuggestFromList

_NO_PLACES = ("Etc/", "posix", "right/", "SystemV/")


def zone_suggester() -> SuggestFromList:
    """Completes the name of an IANA zone, without regard to case."""
    places = [zone for zone in available_timezones() if not zone.startswith(_NO_PLACES)]
    return SuggestFromList(sorted(places), case_sensitive=False)
