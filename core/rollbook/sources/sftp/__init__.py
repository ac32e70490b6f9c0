"""Fetching the files of a source from an SFTP server whose key is known."""

from rollbook.sources.sftp.fetching import fetch, move_processed, seen, shown_host_key

__all__ = ["fetch", "move_processed", "seen", "shown_host_key"]
