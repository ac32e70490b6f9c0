"""Asking a web service for JSON, over and over, as a careful guest: one client for all dialects."""

from rollbook.sources.http.client import Answer, HttpClient, open_client
from rollbook.sources.http.waiting import Waiting

__all__ = ["Answer", "HttpClient", "Waiting", "open_client"]
